// Validation by the table of well-formed byte sequences (Unicode 15, table 3-7), ASCII sixteen bytes at a time.
#include "gateway/transcode/utf8.h"

#include <cstdint>
#include <cstring>

namespace sluice::gateway {
namespace {

bool continues(unsigned char byte) { return (byte & 0xC0) == 0x80; }

const char* skip_ascii(const char* at, const char* end) {
  while (end - at >= 16) {
    std::uint64_t words[2];
    std::memcpy(words, at, 16);
    if (((words[0] | words[1]) & 0x8080808080808080u) != 0) break;
    at += 16;
  }
  while (at != end && static_cast<unsigned char>(*at) < 0x80) ++at;
  return at;
}

}  // namespace

bool is_utf8(std::string_view text) {
  const char* at = text.data();
  const char* const end = at + text.size();
  while ((at = skip_ascii(at, end)) != end) {
    const std::size_t size = utf8_character(at, end);
    if (size == 0) return false;
    at += size;
  }
  return true;
}

std::size_t utf8_character(const char* at, const char* end) {
  const auto byte = [at](std::size_t i) { return static_cast<unsigned char>(at[i]); };
  const auto left = static_cast<std::size_t>(end - at);
  const unsigned char first = byte(0);
  if (first < 0xC2 || left < 2 || !continues(byte(1))) return 0;
  if (first < 0xE0) return 2;
  if (left < 3 || !continues(byte(2))) return 0;
  if (first < 0xF0) {
    const bool overlong = first == 0xE0 && byte(1) < 0xA0;
    const bool surrogate = first == 0xED && byte(1) >= 0xA0;
    return overlong || surrogate ? 0 : 3;
  }
  if (left < 4 || !continues(byte(3))) return 0;
  const bool overlong = first == 0xF0 && byte(1) < 0x90;
  const bool too_large = first > 0xF4 || (first == 0xF4 && byte(1) >= 0x90);
  return overlong || too_large ? 0 : 4;
}

char* put_utf8(char* at, unsigned code_point) {
  const auto put = [&at](unsigned byte) { *at++ = static_cast<char>(byte); };
  if (code_point < 0x80) {
    put(code_point);
  } else if (code_point < 0x800) {
    put(0xC0 | code_point >> 6);
    put(0x80 | (code_point & 0x3F));
  } else if (code_point < 0x10000) {
    put(0xE0 | code_point >> 12);
    put(0x80 | (code_point >> 6 & 0x3F));
    put(0x80 | (code_point & 0x3F));
  } else {
    put(0xF0 | code_point >> 18);
    put(0x80 | (code_point >> 12 & 0x3F));
    put(0x80 | (code_point >> 6 & 0x3F));
    put(0x80 | (code_point & 0x3F));
  }
  return at;
}

}  // namespace sluice::gateway
