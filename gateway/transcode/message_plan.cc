// Building the plans from descriptors.
#include "gateway/transcode/message_plan.h"

#include <algorithm>
#include <cstring>

#include "gateway/transcode/json_string.h"
#include "gateway/transcode/well_known.h"

namespace sluice::gateway {

namespace pb = google::protobuf;

namespace {

// Numbers below this have a slot in MessagePlan::by_number; few schemas go beyond.
constexpr std::uint32_t kDenseNumbers = 512;

std::string quoted(std::string_view name) {
  rpc::Buffer text;
  {
    ByteOutput out(text);
    write_string(name, out);
  }
  return std::string(text.text());
}

std::uint8_t encode_tag(std::uint32_t number, WireType type, std::uint8_t* out) {
  std::uint32_t tag = number << 3 | static_cast<std::uint32_t>(type);
  std::uint8_t size = 0;
  for (; tag >= 0x80; tag >>= 7) out[size++] = static_cast<std::uint8_t>(tag | 0x80);
  out[size++] = static_cast<std::uint8_t>(tag);
  return size;
}

void fill_keys(MessagePlan& plan) {
  constexpr std::size_t kReadable = 32;
  std::vector<std::size_t> begins;
  for (const FieldPlan& field : plan.fields) {
    for (const std::string& name : {field.json_name, field.proto_name}) {
      begins.push_back(plan.key_texts.size());
      plan.key_texts += quoted(name) + ":";
    }
  }
  begins.push_back(plan.key_texts.size());
  plan.key_texts.append(kReadable, '\0');
  const auto key = [&](std::size_t i) {
    return KeyText{plan.key_texts.data() + begins[i], static_cast<std::uint32_t>(begins[i + 1] - begins[i])};
  };
  for (std::size_t i = 0; i < plan.fields.size(); ++i) {
    plan.fields[i].json_key = key(2 * i);
    plan.fields[i].proto_key = key(2 * i + 1);
  }
}

std::unique_ptr<EnumPlan> build_enum(const pb::EnumDescriptor& descriptor) {
  auto plan = std::make_unique<EnumPlan>();
  plan->descriptor = &descriptor;
  plan->closed = descriptor.file()->syntax() == pb::FileDescriptor::SYNTAX_PROTO2;
  plan->null_value = descriptor.full_name() == "google.protobuf.NullValue";
  for (int i = 0; i < descriptor.value_count(); ++i) {
    const pb::EnumValueDescriptor& value = *descriptor.value(i);
    plan->by_name.add(value.name(), static_cast<std::uint32_t>(i));
    plan->numbers.push_back(value.number());
    const bool alias = descriptor.FindValueByNumber(value.number()) != &value;
    if (!alias) plan->values.push_back({value.number(), quoted(value.name())});
  }
  std::ranges::sort(plan->values, {}, &EnumPlan::Value::number);
  return plan;
}

// A varint of up to ten bytes of which 32 bits are the value. A bool is true whatever bit is set.
bool is_narrow(Kind kind) {
  return kind == Kind::Int32 || kind == Kind::Uint32 || kind == Kind::Sint32 || kind == Kind::Enum;
}

WireType wire_type_of(Kind kind) {
  switch (kind) {
    case Kind::Double:
    case Kind::Fixed64:
    case Kind::Sfixed64:
      return WireType::Fixed64;
    case Kind::Float:
    case Kind::Fixed32:
    case Kind::Sfixed32:
      return WireType::Fixed32;
    case Kind::String:
    case Kind::Bytes:
    case Kind::Message:
      return WireType::Length;
    case Kind::Group:
      return WireType::StartGroup;
    default:
      return WireType::Varint;
  }
}

}  // namespace

const EnumPlan::Value* EnumPlan::find(std::int32_t number) const {
  // Most enums count 0, 1, 2: the place is the number.
  const auto place = static_cast<std::size_t>(static_cast<std::uint32_t>(number));
  if (place < values.size() && values[place].number == number) return &values[place];
  const auto found = std::ranges::lower_bound(values, number, {}, &Value::number);
  return found != values.end() && found->number == number ? &*found : nullptr;
}

const FieldPlan* MessagePlan::find_large_number(std::uint32_t number) const {
  const auto found = std::ranges::lower_bound(fields, number, {}, &FieldPlan::number);
  return found != fields.end() && found->number == number ? &*found : nullptr;
}

const MessagePlan& PlanSet::add(const pb::Descriptor& descriptor) {
  add_file(*descriptor.file());
  return message(descriptor);
}

void PlanSet::add_file(const pb::FileDescriptor& root) {
  std::vector<const pb::FileDescriptor*> waiting{&root};
  while (!waiting.empty()) {
    const pb::FileDescriptor& file = *waiting.back();
    waiting.pop_back();
    if (!files_.emplace(&file, true).second) continue;
    for (int i = 0; i < file.message_type_count(); ++i) message(*file.message_type(i));
    for (int i = 0; i < file.dependency_count(); ++i) waiting.push_back(file.dependency(i));
  }
  fill_pending();
}

const MessagePlan* PlanSet::find(std::string_view full_name) const {
  const auto found = messages_.find(full_name);
  return found == messages_.end() ? nullptr : found->second.get();
}

// The plan of that message, filled by fill_pending() when it is new: so recursive types end.
MessagePlan& PlanSet::message(const pb::Descriptor& descriptor) {
  auto& plan = messages_[descriptor.full_name()];
  if (plan == nullptr) {
    plan = std::make_unique<MessagePlan>();
    plan->descriptor = &descriptor;
    plan->well_known = find_well_known(descriptor.full_name());
    pending_.push_back(plan.get());
  }
  return *plan;
}

const EnumPlan& PlanSet::enumeration(const pb::EnumDescriptor& descriptor) {
  auto& plan = enums_[&descriptor];
  if (plan == nullptr) plan = build_enum(descriptor);
  return *plan;
}

void PlanSet::fill_pending() {
  while (!pending_.empty()) {
    MessagePlan& plan = *pending_.back();
    pending_.pop_back();
    fill(plan);
  }
}

void PlanSet::fill(MessagePlan& plan) {
  const pb::Descriptor& descriptor = *plan.descriptor;
  for (int i = 0; i < descriptor.nested_type_count(); ++i) message(*descriptor.nested_type(i));
  std::vector<const pb::FieldDescriptor*> descriptors;
  for (int i = 0; i < descriptor.field_count(); ++i) descriptors.push_back(descriptor.field(i));
  if (descriptor.extension_range_count() > 0) descriptor.file()->pool()->FindAllExtensions(&descriptor, &descriptors);
  std::ranges::sort(descriptors, {}, [](const auto* field) { return field->number(); });

  plan.bits =
      static_cast<std::uint32_t>(descriptors.size()) + static_cast<std::uint32_t>(descriptor.real_oneof_decl_count());
  plan.fields.reserve(descriptors.size());
  for (const pb::FieldDescriptor* each : descriptors) {
    plan.fields.push_back(field(*each));
    FieldPlan& added = plan.fields.back();
    added.containing = &plan;
    added.index = static_cast<std::uint16_t>(plan.fields.size() - 1);
    if (added.oneof >= 0)
      added.oneof_bit = static_cast<std::uint16_t>(descriptors.size() + static_cast<std::size_t>(added.oneof));
  }
  fill_keys(plan);
  for (const FieldPlan& each : plan.fields) plan.by_name.add(each.json_name, each.index);
  for (const FieldPlan& each : plan.fields) plan.by_name.add(each.proto_name, each.index);
  for (const FieldPlan& each : plan.fields) {
    if (each.number >= kDenseNumbers) break;
    plan.by_number.resize(each.number + 1);
    plan.by_number[each.number] = static_cast<std::uint16_t>(each.index + 1);
  }
}

FieldPlan PlanSet::field(const pb::FieldDescriptor& descriptor) {
  FieldPlan plan;
  plan.descriptor = &descriptor;
  plan.json_name = descriptor.is_extension() ? "[" + descriptor.full_name() + "]" : descriptor.json_name();
  plan.proto_name = descriptor.is_extension() ? plan.json_name : descriptor.name();
  plan.number = static_cast<std::uint32_t>(descriptor.number());
  plan.kind = static_cast<Kind>(descriptor.type());
  plan.wire_type = wire_type_of(plan.kind);
  if (is_narrow(plan.kind)) plan.value_bits = 0xFFFFFFFFu;
  plan.map = descriptor.is_map();
  plan.repeated = descriptor.is_repeated() && !plan.map;
  plan.packed = descriptor.is_packed();
  plan.has_presence = descriptor.has_presence();
  if (const auto* oneof = descriptor.real_containing_oneof()) plan.oneof = static_cast<std::int16_t>(oneof->index());
  if (descriptor.message_type() != nullptr) plan.message = &message(*descriptor.message_type());
  if (descriptor.enum_type() != nullptr) plan.enumeration = &enumeration(*descriptor.enum_type());
  if (plan.enumeration != nullptr && plan.enumeration->null_value) plan.value_bits = 0;
  plan.takes_null = (plan.enumeration != nullptr && plan.enumeration->null_value) ||
                    (plan.message != nullptr && plan.message->descriptor->full_name() == "google.protobuf.Value");
  plan.written_type = plan.packed ? WireType::Length : plan.wire_type;
  plan.tag_size = encode_tag(plan.number, plan.written_type, plan.tag_bytes);
  if (plan.tag_size <= 2) {
    plan.short_tag_mask = plan.tag_size == 1 ? 0xFF : 0xFFFF;
    plan.short_tag = (plan.tag_bytes[0] | plan.tag_bytes[1] << 8) & plan.short_tag_mask;
  }
  return plan;
}

}  // namespace sluice::gateway
