// The character classes of HTTP/1.1 (RFC 9110 section 5.6, RFC 3986 section 2).
#pragma once

#include <array>
#include <string_view>

namespace sluice::gateway {

namespace detail {

constexpr std::array<bool, 256> table_of(std::string_view punctuation) {
  std::array<bool, 256> table{};
  for (int c = '0'; c <= '9'; ++c) table[c] = true;
  for (int c = 'A'; c <= 'Z'; ++c) table[c] = table[c - 'A' + 'a'] = true;
  for (const char c : punctuation) table[static_cast<unsigned char>(c)] = true;
  return table;
}

inline constexpr auto kToken = table_of("!#$%&'*+-.^_`|~");
inline constexpr auto kAuthority = table_of("-._~%!$&'()*+,;=:[]");

}  // namespace detail

// tchar: what methods and field names consist of.
inline bool is_token_character(char c) { return detail::kToken[static_cast<unsigned char>(c)]; }

inline bool is_token(std::string_view text) {
  bool good = !text.empty();
  for (const char c : text) good &= is_token_character(c);
  return good;
}

// Neither a control nor a line end; obs-text is let through.
inline bool is_field_value(std::string_view text) {
  bool bad = false;
  for (const char c : text) bad |= (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
  return !bad;
}

// Visible ASCII only: what a request target consists of, at the most.
inline bool is_visible_ascii(std::string_view text) {
  bool bad = false;
  for (const char c : text) bad |= static_cast<unsigned char>(c) <= 0x20 || static_cast<unsigned char>(c) >= 0x7f;
  return !bad;
}

// host [ ":" port ], without user information.
inline bool is_authority(std::string_view text) {
  bool good = true;
  for (const char c : text) good &= detail::kAuthority[static_cast<unsigned char>(c)];
  return good;
}

}  // namespace sluice::gateway
