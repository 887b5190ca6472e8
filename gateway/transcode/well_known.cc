// The table of well-known types.
#include "gateway/transcode/well_known.h"

#include "gateway/transcode/json_reader.h"

namespace sluice::gateway {
namespace {

using enum WellKnownType::Form;

constexpr WellKnownType wrapper(std::string_view full_name) {
  return {full_name, Wrapper, nullptr, nullptr, write_wrapper, "null"};
}

constexpr WellKnownType kWellKnownTypes[] = {
    {"google.protobuf.Timestamp", Text, read_timestamp, nullptr, write_timestamp, "null"},
    {"google.protobuf.Duration", Text, read_duration, nullptr, write_duration, "null"},
    {"google.protobuf.FieldMask", Text, read_field_mask, nullptr, write_field_mask, "null"},
    {"google.protobuf.Struct", Json, nullptr, read_struct, write_struct, "{}"},
    {"google.protobuf.Value", Json, nullptr, read_value, write_value, "null"},
    {"google.protobuf.ListValue", Json, nullptr, read_list_value, write_list_value, "[]"},
    {"google.protobuf.Any", Json, nullptr, read_any, write_any, "{}"},
    wrapper("google.protobuf.DoubleValue"),
    wrapper("google.protobuf.FloatValue"),
    wrapper("google.protobuf.Int64Value"),
    wrapper("google.protobuf.UInt64Value"),
    wrapper("google.protobuf.Int32Value"),
    wrapper("google.protobuf.UInt32Value"),
    wrapper("google.protobuf.BoolValue"),
    wrapper("google.protobuf.StringValue"),
    wrapper("google.protobuf.BytesValue"),
};

}  // namespace

const WellKnownType* find_well_known(std::string_view full_name) {
  for (const WellKnownType& type : kWellKnownTypes) {
    if (type.full_name == full_name) return &type;
  }
  return nullptr;
}

bool read_well_known(const WellKnownType& type, JsonReader& reader, const MessagePlan& plan) {
  if (type.form == Wrapper) return reader.single(plan.fields[0]);
  if (type.form == Json) return type.read_json(reader);
  const char* const at = reader.position();
  std::string_view text;
  if (!reader.text(text)) return false;
  const std::string_view expected = type.read_text(text, false, reader.out());
  return expected.empty() || reader.expected_at(at, expected);
}

}  // namespace sluice::gateway
