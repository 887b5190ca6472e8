// Repeated fields and maps of JsonWriter.
#include "gateway/transcode/json_number.h"
#include "gateway/transcode/json_string.h"
#include "gateway/transcode/json_writer.h"
#include "gateway/transcode/wire_normal.h"

namespace sluice::gateway {
namespace {

// Steps over the next tag when it is of that field again.
bool same_field_follows(const FieldPlan& field, WireInput& in, WireType& type) {
  if (in.done()) return false;
  if (in.take_tag(field)) {
    type = field.written_type;
    return true;
  }
  WireInput ahead = in;
  std::uint32_t number;
  WireType next;
  if (!ahead.tag(number, next) || number != field.number || !field.takes(next)) return false;
  in = ahead;
  type = next;
  return true;
}

}  // namespace

bool JsonWriter::list(const MessagePlan& plan, const FieldPlan& field, WireType type, WireInput& in) {
  const std::size_t before = out_.position();
  key(field);
  open('[');
  const std::size_t begin = out_.position();
  if (!elements(plan, field, type, in)) return false;
  const bool empty = out_.position() == begin;  // a packed field without elements, enum numbers that nobody knows
  close(']');
  if (empty && !print_.always_print_fields_with_no_presence) {
    out_.rewind(before);
  } else {
    comma();
  }
  return true;
}

bool JsonWriter::elements(const MessagePlan& plan, const FieldPlan& field, WireType type, WireInput& in) {
  do {
    RawValue raw;
    if (!read_value(field, type, in, raw)) return malformed(plan);
    if (type == WireType::Length && field.wire_type != WireType::Length) {
      if (!packed_elements(plan, field, raw.bytes)) return false;
    } else if (!field.is_unknown_enum(raw.bits)) {
      indent();
      if (!value(field, raw)) return false;
      comma();
    }
  } while (same_field_follows(field, in, type));
  return true;
}

bool JsonWriter::packed_elements(const MessagePlan& plan, const FieldPlan& field, std::string_view content) {
  WireInput in(content);
  const WireType type = field.wire_type;
  while (!in.done()) {
    RawValue raw;
    if (!raw.read(type, in)) return malformed(plan);
    if (field.is_unknown_enum(raw.bits)) continue;
    indent();
    if (!scalar(field, raw)) return false;
    comma();
  }
  return true;
}

bool JsonWriter::map(const MessagePlan& plan, const FieldPlan& field, WireInput& in) {
  const std::size_t before = out_.position();
  key(field);
  open('{');
  const std::size_t begin = out_.position();
  if (!entries(plan, field, in, scratch_.seen.new_scope())) return false;
  const bool empty = out_.position() == begin;
  close('}');
  if (empty && !print_.always_print_fields_with_no_presence) {
    out_.rewind(before);
  } else {
    comma();
  }
  return true;
}

bool JsonWriter::entries(const MessagePlan& plan, const FieldPlan& field, WireInput& in, std::uint32_t scope) {
  WireType type;
  do {
    std::string_view content;
    if (!in.length(content)) return malformed(plan);
    if (!entry(field, content, scope)) return false;
  } while (same_field_follows(field, in, type));
  return true;
}

bool JsonWriter::entry(const FieldPlan& field, std::string_view content, std::uint32_t scope) {
  if (!careful_) return regular_entry(field, content, scope);
  rpc::Buffer rewritten;
  if (!normalise(*field.message, content, rewritten)) return malformed(*field.message);
  return regular_entry(field, content, scope);
}

// Key and value may come in any order, and either may be left out: then it is the default.
bool JsonWriter::regular_entry(const FieldPlan& field, std::string_view content, std::uint32_t scope) {
  const MessagePlan& plan = *field.message;
  const FieldPlan& key_field = plan.fields[0];
  const FieldPlan& value_field = plan.fields[1];
  RawValue key;
  RawValue value;
  bool value_seen = false;
  WireInput in(content);
  while (!in.done()) {
    std::uint32_t number;
    WireType type;
    if (!in.tag(number, type)) return malformed(plan);
    if (number == key_field.number && key_field.takes(type)) {
      if (!key.read(type, in)) return malformed(plan);
    } else if (number == value_field.number && value_field.takes(type)) {
      if (value_seen) return irregular();
      value_seen = true;
      if (!value.read(type, in)) return malformed(plan);
    } else if (!in.skip(number, type, kGroupDepth)) {
      return malformed(plan);
    }
  }
  if (value_field.is_unknown_enum(value.bits)) return true;
  if (!new_map_key(key_field, key, scope)) return irregular();
  indent();
  if (!map_key(key_field, key)) return false;
  out_.bytes(print_.pretty ? ": " : ":");
  if (!this->value(value_field, value)) return false;
  comma();
  return true;
}

bool JsonWriter::new_map_key(const FieldPlan& key, const RawValue& value, std::uint32_t scope) {
  if (key.kind == Kind::String) return scratch_.seen.insert(scope, value.bytes);
  return scratch_.seen.insert(scope, map_key_bits(key.kind, value.bits));
}

// A JSON name: numbers and booleans go into quotes.
bool JsonWriter::map_key(const FieldPlan& key, const RawValue& value) {
  if (key.kind == Kind::String) return scalar(key, value);
  const bool quoted_already = key.kind == Kind::Int64 || key.kind == Kind::Uint64 || key.kind == Kind::Fixed64 ||
                              key.kind == Kind::Sfixed64 || key.kind == Kind::Sint64;
  if (!quoted_already) out_.byte('"');
  if (!scalar(key, value)) return false;
  if (!quoted_already) out_.byte('"');
  return true;
}

}  // namespace sluice::gateway
