// JSON strings to UTF-8 and back.
#pragma once

#include <string>
#include <string_view>

#include "gateway/transcode/byte_output.h"

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

// Appends `text` as a JSON string with quotes. False: it is not UTF-8. Escaped are quotes, backslashes, controls, and
// the two line separators that JavaScript once refused.
bool write_string(std::string_view text, ByteOutput& out);

// The same when sixteen bytes may be read wherever the text begins or goes on, whatever lies behind its end.
bool write_padded_string(std::string_view text, ByteOutput& out);

}  // namespace sluice::gateway
