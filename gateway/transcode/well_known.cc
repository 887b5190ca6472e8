// The table of well-known types.
#include "gateway/transcode/well_known.h"

namespace sluice::gateway {
namespace {

using enum WellKnownType::Form;

constexpr WellKnownType kWellKnownTypes[] = {
    {"google.protobuf.Timestamp", Text},      {"google.protobuf.Duration", Text},
    {"google.protobuf.FieldMask", Text},      {"google.protobuf.DoubleValue", Wrapper},
    {"google.protobuf.FloatValue", Wrapper},  {"google.protobuf.Int64Value", Wrapper},
    {"google.protobuf.UInt64Value", Wrapper}, {"google.protobuf.Int32Value", Wrapper},
    {"google.protobuf.UInt32Value", Wrapper}, {"google.protobuf.BoolValue", Wrapper},
    {"google.protobuf.StringValue", Wrapper}, {"google.protobuf.BytesValue", Wrapper},
    {"google.protobuf.Struct", Json},         {"google.protobuf.Value", Json},
    {"google.protobuf.ListValue", Json},      {"google.protobuf.Any", Json},
};

}  // namespace

const WellKnownType* find_well_known(std::string_view full_name) {
  for (const WellKnownType& type : kWellKnownTypes) {
    if (type.full_name == full_name) return &type;
  }
  return nullptr;
}

}  // namespace sluice::gateway
