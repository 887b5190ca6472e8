// Tokens, skipping, and the text of faults.
#include "gateway/transcode/json_cursor.h"

#include <algorithm>
#include <cstring>

#include "gateway/transcode/binding_error.h"
#include "gateway/transcode/json_number.h"

namespace sluice::gateway {
namespace {

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

}  // namespace

// Indentation is runs of spaces: eight at once.
bool JsonCursor::skip_long_space() {
  constexpr std::uint64_t kEightSpaces = 0x2020202020202020u;
  while (at_ != end_) {
    std::uint64_t word;
    while (end_ - at_ >= 8 && (std::memcpy(&word, at_, 8), word == kEightSpaces)) at_ += 8;
    if (at_ == end_ || !is_space(*at_)) break;
    ++at_;
  }
  return at_ != end_;
}

bool JsonCursor::literal(std::string_view word) {
  const std::string_view rest(at_, static_cast<std::size_t>(end_ - at_));
  if (!rest.starts_with(word)) return expected(word);
  at_ += word.size();
  return true;
}

bool JsonCursor::open(char bracket, std::string_view what) {
  if (*at_ != bracket) return expected(what);
  if (--depth_left_ < 0) return refused_at(at_, kNestedTooDeep);
  ++at_;
  return skip_space() || expected(bracket == '{' ? "a member name or '}'" : "a value or ']'");
}

bool JsonCursor::key(std::string_view& name) {
  if (*at_ != '"') return expected("a member name in double quotes");
  const char* const begin = at_ + 1;
  const char* const plain_end = find_name_end(begin, end_);
  key_is_plain_ = plain_end != nullptr;
  if (key_is_plain_) {
    name = {begin, static_cast<std::size_t>(plain_end - begin)};
    at_ = plain_end + 1;
  } else {
    StringFault fault;
    const char* const end = read_string(begin, end_, scratch_.key, fault);
    if (end == nullptr) return expected_at(fault.at, fault.expected);
    name = scratch_.key;
    at_ = end;
  }
  raw_key_ = {begin, static_cast<std::size_t>(at_ - 1 - begin)};
  if (!skip_space() || *at_ != ':') return expected("':'");
  ++at_;
  return skip_space() || expected("a value");
}

bool JsonCursor::first_in_scope(std::uint32_t scope, std::string_view name) {
  const bool fresh = key_is_plain_ ? scratch_.seen.insert(scope, name) : scratch_.seen.insert_copy(scope, name);
  return fresh || refused_at(raw_key_.data() - 1, "the name " + shown(name) + " comes twice in one object");
}

bool JsonCursor::text(std::string_view& text) {
  if (*at_ != '"') return expected("a string");
  if (const char* const end = find_plain_end(at_ + 1, end_); end != nullptr) {
    text = {at_ + 1, static_cast<std::size_t>(end - at_ - 1)};
    at_ = end + 1;
    return true;
  }
  StringFault fault;
  const char* const end = read_string(at_ + 1, end_, scratch_.text, fault);
  if (end == nullptr) return expected_at(fault.at, fault.expected);
  text = scratch_.text;
  at_ = end;
  return true;
}

bool JsonCursor::text_into(ByteOutput& out) {
  if (*at_ != '"') return expected("a string");
  StringFault fault;
  const char* const end = read_string(at_ + 1, end_, out, fault);
  if (end == nullptr) return expected_at(fault.at, fault.expected);
  at_ = end;
  return true;
}

bool JsonCursor::number(std::string_view& token) {
  const char* const end = find_number_end(at_, end_);
  if (end == nullptr) return expected("a number");
  token = {at_, static_cast<std::size_t>(end - at_)};
  at_ = end;
  return true;
}

bool JsonCursor::skip_value() {
  std::string_view ignored;
  switch (*at_) {
    case '"':
      return text(ignored);
    case '{': {
      const std::uint32_t scope = scratch_.seen.new_scope();
      return object([&](std::string_view name) { return first_in_scope(scope, name) && skip_value(); });
    }
    case '[':
      return array([this](std::size_t) { return skip_value(); });
    case 't':
      return literal("true");
    case 'f':
      return literal("false");
    case 'n':
      return literal("null");
    default:
      return number(ignored) || expected_at(fault_at_, "a JSON value");
  }
}

bool JsonCursor::expected_at(const char* at, std::string_view what) {
  fault_at_ = at;
  fault_ = "expected ";
  fault_ += what;
  fault_shows_token_ = true;
  return false;
}

bool JsonCursor::refused_at(const char* at, std::string_view what) {
  fault_at_ = at;
  fault_ = what;
  fault_shows_token_ = false;
  return false;
}

bool JsonCursor::in_field(std::string_view name) {
  if (!path_.empty() && path_.front() != '[') path_.insert(0, ".");
  path_.insert(0, name);
  return false;
}

bool JsonCursor::in_index(std::size_t index) {
  if (!path_.empty() && path_.front() != '[') path_.insert(0, ".");
  path_.insert(0, "[" + std::to_string(index) + "]");
  return false;
}

bool JsonCursor::in_key(std::string_view key) {
  if (!path_.empty() && path_.front() != '[') path_.insert(0, ".");
  path_.insert(0, "[" + shown(key) + "]");
  return false;
}

rpc::Status JsonCursor::error(std::size_t line, std::size_t column) const {
  for (const char* at = begin_; at < fault_at_; ++at) {
    ++column;
    if (*at != '\n') continue;
    ++line;
    column = 1;
  }
  std::string where = path_.empty() ? "(line " : " (line ";
  where += std::to_string(line) + ", column " + std::to_string(column) + ")";
  return binding_error(path_, fault_shows_token_ ? fault_ + ", got " + shown_token() : fault_, where);
}

// A string as it stands there, a bracket, or the characters up to what ends a token.
std::string JsonCursor::shown_token() const {
  if (fault_at_ == end_) return "the end of the text";
  const std::string_view rest(fault_at_, static_cast<std::size_t>(end_ - fault_at_));
  if (rest[0] == '"') {
    std::size_t i = 1;
    while (i < rest.size() && rest[i] != '"') i += rest[i] == '\\' ? 2 : 1;
    return shown(rest.substr(1, std::min(i, rest.size()) - 1));
  }
  const std::size_t size = std::max<std::size_t>(1, std::min(rest.find_first_of(" \t\r\n,:[]{}\""), rest.size()));
  const std::string quoted = shown(rest.substr(0, size));
  const bool plain = static_cast<unsigned char>(rest[0]) > ' ' && static_cast<unsigned char>(rest[0]) < 0x7F;
  return plain ? quoted.substr(1, quoted.size() - 2) : quoted;
}

}  // namespace sluice::gateway
