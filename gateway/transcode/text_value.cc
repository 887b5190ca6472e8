// One function a group of kinds; the numbers' grammar is JSON's.
#include "gateway/transcode/text_value.h"

#include <bit>
#include <limits>

#include "gateway/transcode/base64.h"
#include "gateway/transcode/json_number.h"
#include "gateway/transcode/json_reader.h"
#include "gateway/transcode/utf8.h"

namespace sluice::gateway {
namespace {

// NaN, Infinity, -Infinity.
bool named_value(std::string_view text, double& value) {
  const bool negative = text.starts_with('-');
  if (text == "NaN") {
    value = std::numeric_limits<double>::quiet_NaN();
  } else if (text.substr(negative ? 1 : 0) == "Infinity") {
    value = negative ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
  } else {
    return false;
  }
  return true;
}

bool enum_bits(const EnumPlan& plan, std::string_view text, std::uint64_t& bits) {
  if (const std::uint32_t index = plan.by_name.find(text); index != NameTable::kNone) {
    bits = static_cast<std::uint64_t>(static_cast<std::int64_t>(plan.numbers[index]));
    return true;
  }
  Integer value;
  if (text.empty() || parse_integer(text, value) != NumberFault::None) return false;
  if (!integer_bits(Kind::Enum, value, bits)) return false;
  return !plan.closed || plan.find(static_cast<std::int32_t>(bits)) != nullptr;
}

}  // namespace

bool text_bits(const FieldPlan& field, std::string_view text, std::uint64_t& bits) {
  if (field.kind == Kind::Bool) {
    bits = text == "true";
    return text == "true" || text == "false";
  }
  if (field.kind == Kind::Enum) return enum_bits(*field.enumeration, text, bits);
  Integer value;
  return !text.empty() && parse_integer(text, value) == NumberFault::None && integer_bits(field.kind, value, bits);
}

bool write_floating(Kind kind, std::string_view number, WireOutput& out) {
  if (kind == Kind::Double) {
    double value = 0;
    if (parse_double(number, value) != NumberFault::None) return false;
    out.fixed64(std::bit_cast<std::uint64_t>(value));
  } else {
    float value = 0;
    if (parse_float(number, value) != NumberFault::None) return false;
    out.fixed32(std::bit_cast<std::uint32_t>(value));
  }
  return true;
}

bool write_text_floating(Kind kind, std::string_view text, WireOutput& out) {
  double value = 0;
  if (!named_value(text, value)) return is_number(text) && write_floating(kind, text, out);
  if (kind == Kind::Double) {
    out.fixed64(std::bit_cast<std::uint64_t>(value));
  } else {
    out.fixed32(std::bit_cast<std::uint32_t>(static_cast<float>(value)));
  }
  return true;
}

std::string_view write_text_scalar(const FieldPlan& field, std::string_view text, WireOutput& out) {
  switch (field.kind) {
    case Kind::String:
      if (!is_utf8(text)) return "UTF-8";
      out.bytes_field(field.number, text);
      return {};
    case Kind::Bytes: {
      out.tag(field.number, WireType::Length);
      const std::size_t content = out.begin_length();
      char* const end = base64_decode(text, out.need(text.size()));
      if (end == nullptr) return "base64";
      out.advance_to(end);
      out.end_length(content);
      return {};
    }
    case Kind::Double:
    case Kind::Float:
      out.tag(field.number, field.wire_type);
      return write_text_floating(field.kind, text, out) ? std::string_view() : expected_kind(field.kind);
    default: {
      std::uint64_t bits = 0;
      if (!text_bits(field, text, bits)) return expected_kind(field.kind);
      out.tag(field.number, field.wire_type);
      write_scalar_bits(field.kind, bits, out);
      return {};
    }
  }
}

}  // namespace sluice::gateway
