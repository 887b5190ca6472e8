// The character classes of HTTP/1.1 (RFC 9110 section 5.6, RFC 3986 section 2).
#pragma once

#include <array>
#include <string_view>

#include "rpc_core/base/printable.h"

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

// Of ASCII letters only, whatever the locale.
constexpr char to_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

// tchar: what methods and field names consist of.
inline bool is_token_character(char c) { return detail::kToken[static_cast<unsigned char>(c)]; }

inline bool is_token(std::string_view text) {
  bool good = !text.empty();
  for (const char c : text) good &= is_token_character(c);
  return good;
}

// Neither a control nor a line end; obs-text is let through.
inline bool is_field_value(std::string_view text) {
  if (rpc::is_printable_ascii(text)) return true;
  bool bad = false;
  for (const char c : text) bad |= (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
  return !bad;
}

// Visible ASCII only: what a request target consists of, at the most.
inline bool is_visible_ascii(std::string_view text) {
  return rpc::is_printable_ascii(text) && text.find(' ') == std::string_view::npos;
}

// host [ ":" port ], without user information.
inline bool is_authority(std::string_view text) {
  bool good = true;
  for (const char c : text) good &= detail::kAuthority[static_cast<unsigned char>(c)];
  return good;
}

}  // namespace sluice::gateway
