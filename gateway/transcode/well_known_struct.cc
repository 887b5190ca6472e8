// google.protobuf.Struct, Value and ListValue: JSON inside JSON.
#include <bit>
#include <cmath>

#include "gateway/transcode/json_number.h"
#include "gateway/transcode/json_reader.h"
#include "gateway/transcode/json_writer.h"
#include "gateway/transcode/text_value.h"
#include "gateway/transcode/well_known.h"

namespace sluice::gateway {
namespace {

// The tags of Value's members, and those of a map entry, a list element.
constexpr char kNullTag = '\x08';
constexpr char kNumberTag = '\x11';
constexpr char kStringTag = '\x1A';
constexpr char kBoolTag = '\x20';
constexpr char kStructTag = '\x2A';
constexpr char kListTag = '\x32';
constexpr char kElementTag = '\x0A';
constexpr char kEntryKeyTag = '\x0A';
constexpr char kEntryValueTag = '\x12';

// The members of Value that need a look.
constexpr std::uint32_t kNull = 1;
constexpr std::uint32_t kNumber = 2;

bool read_number(JsonReader& reader) {
  const char* const at = reader.position();
  std::string_view token;
  if (!reader.number(token)) return reader.expected_at(at, "a JSON value");
  reader.out().byte(kNumberTag);
  return write_floating(Kind::Double, token, reader.out()) || reader.expected_at(at, "double");
}

bool read_bool(JsonReader& reader, bool value) {
  reader.out().byte(kBoolTag);
  reader.out().byte(value ? 1 : 0);
  return reader.literal(value ? "true" : "false");
}

}  // namespace

bool read_value(JsonReader& reader) {
  WireOutput& out = reader.out();
  switch (reader.peek()) {
    case 'n':
      out.byte(kNullTag);
      out.byte(0);
      return reader.null();
    case 't':
      return read_bool(reader, true);
    case 'f':
      return read_bool(reader, false);
    case '"':
      out.byte(kStringTag);
      return reader.string_value();
    case '{':
      out.byte(kStructTag);
      return reader.nested([&] { return read_struct(reader); });
    case '[':
      out.byte(kListTag);
      return reader.nested([&] { return read_list_value(reader); });
    default:
      return read_number(reader);
  }
}

bool read_struct(JsonReader& reader) {
  WireOutput& out = reader.out();
  const std::uint32_t scope = reader.scratch().seen.new_scope();
  return reader.object([&](std::string_view name) {
    if (!reader.first_in_scope(scope, name)) return false;
    const std::string_view raw = reader.raw_key();
    out.byte(kElementTag);
    return reader.nested([&] {
      out.byte(kEntryKeyTag);
      out.varint(name.size());
      out.bytes(name);
      out.byte(kEntryValueTag);
      return reader.nested([&] { return read_value(reader); }) || reader.in_key(raw);
    });
  });
}

bool read_list_value(JsonReader& reader) {
  return reader.array([&](std::size_t) {
    reader.out().byte(kElementTag);
    return reader.nested([&] { return read_value(reader); });
  });
}

bool write_struct(JsonWriter& writer, const MessagePlan& plan, std::string_view content) {
  // As an ordinary message this is {"fields": {…}}; as a Struct it is the map alone.
  return writer.field_alone(plan, plan.fields[0], content);
}

bool write_list_value(JsonWriter& writer, const MessagePlan& plan, std::string_view content) {
  return writer.field_alone(plan, plan.fields[0], content);
}

bool write_value(JsonWriter& writer, const MessagePlan& plan, std::string_view content) {
  WireInput in(content);
  const FieldPlan* kind = nullptr;
  RawValue value;
  while (!in.done()) {
    std::uint32_t number;
    WireType type;
    if (!in.tag(number, type)) return writer.malformed(plan);
    const FieldPlan* field = plan.find_number(number);
    if (field == nullptr || type != field->wire_type) {
      if (!in.skip(number, type, kGroupDepth)) return writer.malformed(plan);
      continue;
    }
    if (kind != nullptr) return writer.irregular();
    kind = field;
    if (!value.read(type, in)) return writer.malformed(plan);
  }
  if (kind == nullptr || kind->number == kNull) {
    writer.out().bytes("null");
    return true;
  }
  if (kind->message != nullptr) return writer.message(*kind->message, value.bytes);
  if (kind->number == kNumber && !std::isfinite(std::bit_cast<double>(value.bits))) {
    return writer.refused(plan, "a number that is not finite");
  }
  return writer.scalar(*kind, value);
}

}  // namespace sluice::gateway
