// Scalars of JsonWriter.
#include <bit>
#include <cmath>

#include "gateway/transcode/base64.h"
#include "gateway/transcode/byte_scan.h"
#include "gateway/transcode/json_number.h"
#include "gateway/transcode/json_string.h"
#include "gateway/transcode/json_writer.h"

namespace sluice::gateway {
namespace {

// Magnitude of a signed value, without overflow at the smallest.
std::uint64_t magnitude_of(std::int64_t value) {
  return value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
}

}  // namespace

bool JsonWriter::scalar(const FieldPlan& field, const RawValue& value) {
  const auto int32 = static_cast<std::int32_t>(value.bits);
  const auto uint32 = static_cast<std::uint32_t>(value.bits);
  const auto int64 = static_cast<std::int64_t>(value.bits);
  switch (field.kind) {
    case Kind::String:
      return string(field, value.bytes);
    case Kind::Bytes: {
      char* to = out_.need(base64_size(value.bytes.size()) + 2);
      *to++ = '"';
      to = base64_encode(value.bytes, to);
      *to++ = '"';
      out_.advance_to(to);
      return true;
    }
    case Kind::Bool:
      out_.bytes(value.bits != 0 ? "true" : "false");
      return true;
    case Kind::Double:
      return floating(std::bit_cast<double>(value.bits), false);
    case Kind::Float:
      return floating(std::bit_cast<float>(uint32), true);
    case Kind::Enum:
      return enumeration(*field.enumeration, int32);
    case Kind::Int32:
    case Kind::Sfixed32:
      integer(magnitude_of(int32), int32 < 0, false);
      return true;
    case Kind::Sint32: {
      const auto decoded = static_cast<std::int32_t>(zigzag_decoded(uint32));
      integer(magnitude_of(decoded), decoded < 0, false);
      return true;
    }
    case Kind::Uint32:
    case Kind::Fixed32:
      integer(uint32, false, false);
      return true;
    case Kind::Int64:
    case Kind::Sfixed64:
      integer(magnitude_of(int64), int64 < 0, true);
      return true;
    case Kind::Sint64: {
      const std::int64_t decoded = zigzag_decoded(value.bits);
      integer(magnitude_of(decoded), decoded < 0, true);
      return true;
    }
    default:
      integer(value.bits, false, true);
      return true;
  }
}

bool JsonWriter::string(const FieldPlan& field, std::string_view text) {
  const bool good = is_padded(text) ? write_padded_string(text, out_) : write_string(text, out_);
  return good || refused(*field.containing, field.proto_name + " is not UTF-8");
}

void JsonWriter::integer(std::uint64_t magnitude, bool negative, bool quoted) {
  char* to = out_.need(kNumberBytes);
  if (quoted) *to++ = '"';
  to = print_integer(magnitude, negative, to);
  if (quoted) *to++ = '"';
  out_.advance_to(to);
}

bool JsonWriter::floating(double value, bool is_float) {
  if (std::isfinite(value)) [[likely]] {
    char* const to = out_.need(kNumberBytes);
    out_.advance_to(is_float ? print_float(static_cast<float>(value), to) : print_double(value, to));
  } else {
    out_.bytes(std::isnan(value) ? "\"NaN\"" : value > 0 ? "\"Infinity\"" : "\"-Infinity\"");
  }
  return true;
}

bool JsonWriter::enumeration(const EnumPlan& plan, std::int32_t number) {
  if (plan.null_value) {
    out_.bytes("null");
    return true;
  }
  const EnumPlan::Value* const value = print_.enums_as_integers ? nullptr : plan.find(number);
  if (value != nullptr) {
    out_.bytes(value->quoted_name);
  } else {
    integer(magnitude_of(number), number < 0, false);
  }
  return true;
}

}  // namespace sluice::gateway
