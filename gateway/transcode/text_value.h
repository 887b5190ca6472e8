// Values given as plain text: in the path, in the query, as map keys.
#pragma once

#include <cstdint>
#include <string_view>

#include "gateway/transcode/message_plan.h"
#include "gateway/transcode/wire_output.h"

namespace sluice::gateway {

// The bits of an integer, bool or enum number as integer_bits() gives them; false: the text is none of that type.
bool text_bits(const FieldPlan& field, std::string_view text, std::uint64_t& bits);

// Appends a double or float: of a JSON number; of any text, where NaN, Infinity and -Infinity go too. False: out of
// range, or no number.
bool write_floating(Kind kind, std::string_view number, WireOutput& out);
bool write_text_floating(Kind kind, std::string_view text, WireOutput& out);

// A scalar of any kind with its tag. Nothing for success, else what was expected.
std::string_view write_text_scalar(const FieldPlan& field, std::string_view text, WireOutput& out);

}  // namespace sluice::gateway
