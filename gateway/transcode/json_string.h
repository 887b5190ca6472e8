// JSON strings to UTF-8 and back.
#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/transcode/byte_output.h"
#include "gateway/transcode/byte_scan.h"

namespace sluice::gateway {

// What is wrong with a string, and where.
struct StringFault {
  const char* at = nullptr;
  const char* expected = nullptr;
};

// Appends the text of the JSON string whose first byte behind the quote is at `at`. Returns the place behind the
// closing quote, or nullptr and the fault: no end, a raw control character, an unknown escape, a lone surrogate,
// malformed UTF-8.
const char* read_string(const char* at, const char* end, ByteOutput& out, StringFault& fault);
// The same into a string that is reused.
const char* read_string(const char* at, const char* end, std::string& out, StringFault& fault);

// The closing quote when all before it is plain: printable ASCII without escapes. Else nullptr.
const char* find_plain_end(const char* at, const char* end);
// The same for names, most of which end within one block.
inline const char* find_name_end(const char* at, const char* end) {
  if (end - at < static_cast<std::ptrdiff_t>(Block16::kSize)) return find_plain_end(at, end);
  const std::uint32_t special = Block16(at).special();
  if (special == 0) return find_plain_end(at + Block16::kSize, end);
  at += std::countr_zero(special);
  return *at == '"' ? at : nullptr;
}

// Appends `text` as a JSON string with quotes. False: it is not UTF-8. Escaped are quotes, backslashes, controls, and
// the two line separators that JavaScript once refused.
bool write_string(std::string_view text, ByteOutput& out);

// The same when Block32::kSize bytes may be read wherever the text begins or goes on, whatever lies behind its end.
bool write_padded_string(std::string_view text, ByteOutput& out);

}  // namespace sluice::gateway
