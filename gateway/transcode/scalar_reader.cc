// Scalars of JsonReader: numbers, booleans, strings, bytes, enums.
#include <bit>

#include "gateway/transcode/base64.h"
#include "gateway/transcode/json_number.h"
#include "gateway/transcode/json_reader.h"
#include "gateway/transcode/text_value.h"

namespace sluice::gateway {

bool JsonReader::scalar(const FieldPlan& field) {
  switch (field.kind) {
    case Kind::String:
      return string_value();
    case Kind::Bytes:
      return bytes();
    case Kind::Bool:
      return boolean();
    case Kind::Double:
    case Kind::Float:
      return floating(field.kind);
    case Kind::Enum:
      return enumeration(*field.enumeration);
    default:
      break;
  }
  std::uint64_t bits;
  if (!integer(field.kind, bits)) return false;
  write_scalar_bits(field.kind, bits, out_);
  return true;
}

// Plain digits, as they are or (64-bit integers) in quotes.
bool JsonReader::integer(Kind kind, std::uint64_t& bits) {
  Integer value;
  const bool quoted = *at_ == '"';
  const char* const end = read_plain_integer(at_ + (quoted ? 1 : 0), end_, value);
  if (end == nullptr || (quoted && *end != '"')) return rare_integer(kind, bits);
  if (!integer_bits(kind, value, bits)) return expected(expected_kind(kind));
  at_ = end + (quoted ? 1 : 0);
  return true;
}

// Exponents, fractions of zeros, nineteen or twenty digits, escapes; and everything that is no integer.
bool JsonReader::rare_integer(Kind kind, std::uint64_t& bits) {
  const char* const begin = at_;
  std::string_view token;
  if (!(*at_ == '"' ? text(token) : number(token))) return expected_at(begin, expected_kind(kind));
  Integer value;
  if (parse_integer(token, value) != NumberFault::None || !integer_bits(kind, value, bits)) {
    return expected_at(begin, expected_kind(kind));
  }
  return true;
}

bool JsonReader::floating(Kind kind) {
  double value;
  if (const char* const end = kind == Kind::Double ? read_plain_decimal(at_, end_, value) : nullptr; end != nullptr) {
    out_.fixed64(std::bit_cast<std::uint64_t>(value));
    at_ = end;
    return true;
  }
  const char* const begin = at_;
  std::string_view token;
  const bool quoted = *at_ == '"';
  const bool good = quoted ? text(token) && write_text_floating(kind, token, out_)
                           : number(token) && write_floating(kind, token, out_);
  return good || expected_at(begin, expected_kind(kind));
}

bool JsonReader::boolean() {
  if (*at_ != 't' && *at_ != 'f') return expected("true or false");
  const bool value = *at_ == 't';
  if (!literal(value ? "true" : "false")) return false;
  out_.byte(value ? 1 : 0);
  return true;
}

bool JsonReader::bytes() {
  const char* const begin = at_;
  std::string_view encoded;
  if (!text(encoded)) return false;
  const std::size_t content = out_.begin_length();
  char* const end = base64_decode(encoded, out_.need(encoded.size()));
  if (end == nullptr) return expected_at(begin, "base64");
  out_.advance_to(end);
  out_.end_length(content);
  return true;
}

bool JsonReader::enumeration(const EnumPlan& plan) {
  if (plan.null_value && *at_ == 'n') {
    out_.byte(0);
    return null();
  }
  const char* const begin = at_;
  std::uint64_t bits = 0;
  if (*at_ == '"') {
    std::string_view name;
    if (!text(name)) return false;
    const std::uint32_t index = plan.by_name.find(name);
    if (index == NameTable::kNone) return expected_at(begin, "a name of " + plan.descriptor->full_name());
    bits = static_cast<std::uint64_t>(static_cast<std::int64_t>(plan.numbers[index]));
  } else {
    if (!integer(Kind::Enum, bits)) return expected_at(begin, "a name or number of " + plan.descriptor->full_name());
    const bool known = !plan.closed || plan.find(static_cast<std::int32_t>(bits)) != nullptr;
    if (!known) return expected_at(begin, "a number of the closed enum " + plan.descriptor->full_name());
  }
  out_.varint(bits);
  return true;
}

void write_scalar_bits(Kind kind, std::uint64_t bits, WireOutput& out) {
  switch (kind) {
    case Kind::Sint32:
    case Kind::Sint64:
      return out.varint(zigzag_encoded(static_cast<std::int64_t>(bits)));
    case Kind::Fixed32:
    case Kind::Sfixed32:
      return out.fixed32(static_cast<std::uint32_t>(bits));
    case Kind::Fixed64:
    case Kind::Sfixed64:
      return out.fixed64(bits);
    default:
      return out.varint(bits);
  }
}

std::string_view expected_kind(Kind kind) {
  constexpr std::string_view kNames[] = {"",          "double",    "float",   "int64",         "uint64",
                                         "int32",     "fixed64",   "fixed32", "true or false", "a string",
                                         "an object", "an object", "base64",  "uint32",        "an enum",
                                         "sfixed32",  "sfixed64",  "sint32",  "sint64"};
  return kNames[static_cast<std::size_t>(kind)];
}

}  // namespace sluice::gateway
