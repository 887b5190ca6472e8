// Reading and writing go sixteen bytes at a time until something is not plain.
#include "gateway/transcode/json_string.h"

#include <cstdint>

#include "gateway/transcode/byte_scan.h"
#include "gateway/transcode/utf8.h"

namespace sluice::gateway {
namespace {

constexpr char kHexDigits[] = "0123456789abcdef";
constexpr std::size_t kLongestEscape = 6;
// Room for a block, for four characters beyond ASCII, for the longest escape.
constexpr std::size_t kStepBytes = 16;

// The four hexadecimal digits at `at`, or -1.
int hex4(const char* at, const char* end) {
  if (end - at < 4) return -1;
  int value = 0;
  for (int i = 0; i < 4; ++i) {
    const char c = at[i];
    const int digit = c >= '0' && c <= '9'   ? c - '0'
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                             : -1;
    if (digit < 0) return -1;
    value = value << 4 | digit;
  }
  return value;
}

char simple_escape(char c) {
  switch (c) {
    case '"':
    case '\\':
    case '/':
      return c;
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return 0;
  }
}

// \uXXXX, or two of them that form a pair. `at` is behind the 'u'.
const char* read_unicode_escape(const char* at, const char* end, char*& to, StringFault& fault) {
  const int unit = hex4(at, end);
  fault = {at - 2, "four hexadecimal digits after \\u"};
  if (unit < 0) return nullptr;
  at += 4;
  auto code_point = static_cast<unsigned>(unit);
  if (code_point >= 0xD800 && code_point < 0xE000) {
    fault.expected = "a surrogate pair";
    const bool pair = code_point < 0xDC00 && end - at >= 6 && at[0] == '\\' && at[1] == 'u';
    const int low = pair ? hex4(at + 2, end) : -1;
    if (low < 0xDC00 || low >= 0xE000) return nullptr;
    code_point = 0x10000 + ((code_point - 0xD800) << 10) + (static_cast<unsigned>(low) - 0xDC00);
    at += 6;
  }
  to = put_utf8(to, code_point);
  return at;
}

const char* read_escape(const char* at, const char* end, char*& to, StringFault& fault) {
  fault = {at, "an escape sequence"};
  if (end - at < 2) return nullptr;
  if (at[1] == 'u') return read_unicode_escape(at + 2, end, to, fault);
  const char c = simple_escape(at[1]);
  if (c == 0) return nullptr;
  *to++ = c;
  return at + 2;
}

// One character that is not plain and no quote; `to` has room for sixteen bytes.
const char* read_special(const char* at, const char* end, char*& to, StringFault& fault) {
  if (*at == '\\') return read_escape(at, end, to, fault);
  if (static_cast<unsigned char>(*at) < 0x20) {
    fault = {at, "an escaped control character"};
    return nullptr;
  }
  // Text beyond ASCII comes in runs.
  for (int i = 0; i < 4 && at != end && static_cast<unsigned char>(*at) >= 0x80; ++i) {
    const std::size_t size = utf8_character(at, end);
    if (size == 0) {
      fault = {at, "UTF-8"};
      return nullptr;
    }
    for (std::size_t k = 0; k < size; ++k) *to++ = at[k];
    at += size;
  }
  return at;
}

// One character to be escaped, or one or more beyond ASCII; nullptr: not UTF-8. `to` has room for sixteen bytes.
const char* write_special(const char* at, const char* end, char*& to) {
  const auto c = static_cast<unsigned char>(*at);
  if (c >= 0x80) {
    const std::size_t size = utf8_character(at, end);
    if (size == 0) return nullptr;
    if (size == 3 && c == 0xE2 && at[1] == '\x80' && (at[2] == '\xA8' || at[2] == '\xA9')) {
      std::memcpy(to, at[2] == '\xA8' ? "\\u2028" : "\\u2029", kLongestEscape);
      to += kLongestEscape;
      return at + size;
    }
    for (std::size_t k = 0; k < size; ++k) *to++ = at[k];
    return at + size;
  }
  *to++ = '\\';
  switch (c) {
    case '"':
    case '\\':
      *to++ = static_cast<char>(c);
      break;
    case '\n':
      *to++ = 'n';
      break;
    case '\r':
      *to++ = 'r';
      break;
    case '\t':
      *to++ = 't';
      break;
    case '\b':
      *to++ = 'b';
      break;
    case '\f':
      *to++ = 'f';
      break;
    default:
      std::memcpy(to, "u00", 3);
      to[3] = kHexDigits[c >> 4];
      to[4] = kHexDigits[c & 15];
      to += 5;
  }
  return at + 1;
}

// Copies a block of `left` bytes at most; returns how many of them are plain, from the first on. `to` has room for
// sixteen.
std::size_t copy_plain(const char* at, std::size_t left, char* to) {
  const Block16 block(at, left);
  block.store(to);
  return block.plain(left);
}

// What follows the opening quote.
bool write_rest(const char* at, const char* end, ByteOutput& out) {
  while (at != end) {
    char* to = out.need(kStepBytes);
    const std::size_t plain = copy_plain(at, static_cast<std::size_t>(end - at), to);
    at += plain;
    out.advance_to(to + plain);
    if (plain == Block16::kSize || at == end) continue;
    to = out.need(kStepBytes);
    at = write_special(at, end, to);
    if (at == nullptr) return false;
    out.advance_to(to);
  }
  out.byte('"');
  return true;
}

}  // namespace

// Copies while it looks: one load, one store and one mask for sixteen bytes, whatever of them turns out to be needed.
const char* read_string(const char* at, const char* end, ByteOutput& out, StringFault& fault) {
  while (at != end) {
    char* to = out.need(kStepBytes);
    const std::size_t plain = copy_plain(at, static_cast<std::size_t>(end - at), to);
    at += plain;
    out.advance_to(to + plain);
    if (plain == Block16::kSize || at == end) continue;
    if (*at == '"') return at + 1;
    to = out.need(kStepBytes);
    at = read_special(at, end, to, fault);
    if (at == nullptr) return nullptr;
    out.advance_to(to);
  }
  fault = {at, "the end of the string"};
  return nullptr;
}

const char* read_string(const char* at, const char* end, std::string& out, StringFault& fault) {
  out.clear();
  while (at != end && *at != '"') {
    if (!is_special(*at)) {
      out += *at++;
      continue;
    }
    char bytes[kStepBytes];
    char* to = bytes;
    at = read_special(at, end, to, fault);
    if (at == nullptr) return nullptr;
    out.append(bytes, static_cast<std::size_t>(to - bytes));
  }
  if (at != end) return at + 1;
  fault = {at, "the end of the string"};
  return nullptr;
}

const char* find_plain_end(const char* at, const char* end) {
  while (at != end) {
    const auto left = static_cast<std::size_t>(end - at);
    const std::size_t plain = Block16(at, left).plain(left);
    at += plain;
    if (plain != Block16::kSize) return at != end && *at == '"' ? at : nullptr;
  }
  return nullptr;
}

// A short text is one block, one mask and no loop.
bool write_padded_string(std::string_view text, ByteOutput& out) {
  const char* at = text.data();
  std::size_t left = text.size();
  char* to = out.need(2 + Block32::kSize);
  *to++ = '"';
  while (true) {
    const Block32 block(at);
    block.store(to);
    std::uint32_t special = block.special();
    if (left < Block32::kSize) special &= (1u << left) - 1;
    if (special != 0) {
      out.advance_to(to);
      return write_rest(at, at + left, out);
    }
    if (left <= Block32::kSize) break;
    at += Block32::kSize;
    left -= Block32::kSize;
    out.advance_to(to + Block32::kSize);
    to = out.need(1 + Block32::kSize);
  }
  to[left] = '"';
  out.advance_to(to + left + 1);
  return true;
}

bool write_string(std::string_view text, ByteOutput& out) {
  out.byte('"');
  return write_rest(text.data(), text.data() + text.size(), out);
}

}  // namespace sluice::gateway
