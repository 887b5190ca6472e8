// The wrappers (google.protobuf.Int32Value and its kin) as their bare value.
#include "gateway/transcode/json_writer.h"
#include "gateway/transcode/well_known.h"

namespace sluice::gateway {

bool write_wrapper(JsonWriter& writer, const MessagePlan& plan, std::string_view content) {
  const FieldPlan& field = plan.fields[0];
  WireInput in(content);
  RawValue value;
  while (!in.done()) {
    std::uint32_t number;
    WireType type;
    if (!in.tag(number, type)) return writer.malformed(plan);
    const bool is_value = number == field.number && type == field.wire_type;
    if (!(is_value ? value.read(type, in) : in.skip(number, type, kGroupDepth))) return writer.malformed(plan);
  }
  return writer.scalar(field, value);
}

}  // namespace sluice::gateway
