// Base64 of bytes fields: written in the standard alphabet with padding, read in both alphabets, padded or not.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sluice::gateway {

constexpr std::size_t base64_size(std::size_t bytes) { return (bytes + 2) / 3 * 4; }

// Writes base64_size(bytes.size()) characters at `out`; returns the place behind.
char* base64_encode(std::string_view bytes, char* out);
std::string base64_encode(std::string_view bytes);

// Decodes to `out` (room for text.size() * 3 / 4 + 3 bytes) and returns the place behind; nullptr when the text is no
// base64: a character outside of the alphabet, an impossible length, padding in the wrong place.
char* base64_decode(std::string_view text, char* out);

}  // namespace sluice::gateway
