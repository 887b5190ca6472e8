// UTF-8 validation.
#pragma once

#include <cstddef>
#include <string_view>

namespace sluice::gateway {

// Well-formed by RFC 3629: no surrogates, no overlong forms, nothing above U+10FFFF.
bool is_utf8(std::string_view text);

// The bytes of the one character at the start of [at, end), whose first byte is >= 0x80; 0 when it is malformed.
std::size_t utf8_character(const char* at, const char* end);

// Appends the UTF-8 form of a code point at `at` (room for four bytes); returns the place behind.
char* put_utf8(char* at, unsigned code_point);

}  // namespace sluice::gateway
