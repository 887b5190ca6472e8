// First the types, then the values: edges (smallest, largest, zero) come more often than chance would bring them.
#include "tests/gateway/transcode/random_messages.h"

#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/duration.pb.h>
#include <google/protobuf/empty.pb.h>
#include <google/protobuf/field_mask.pb.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/timestamp.pb.h>
#include <google/protobuf/wrappers.pb.h>

#include <cctype>
#include <cmath>
#include <limits>

namespace sluice::gateway {

namespace pb = google::protobuf;
using Type = pb::FieldDescriptorProto;

namespace {

constexpr int kMessages = 5;
constexpr const char* kWellKnown[] = {"Timestamp",   "Duration",   "FieldMask",   "Struct",      "Value",
                                      "ListValue",   "Empty",      "DoubleValue", "FloatValue",  "Int64Value",
                                      "UInt64Value", "Int32Value", "BoolValue",   "StringValue", "BytesValue"};

}  // namespace

RandomMessages::RandomMessages(std::uint32_t seed) : random_(seed), factory_(&pool_) { build_file(); }

std::unique_ptr<pb::Message> RandomMessages::message() {
  auto message = fresh(type());
  fill(*message, 0);
  return message;
}

std::unique_ptr<pb::Message> RandomMessages::fresh(const pb::Descriptor& type) {
  return std::unique_ptr<pb::Message>(factory_.GetPrototype(&type)->New());
}

void RandomMessages::build_file() {
  const pb::FileDescriptor* const imports[] = {
      pb::Timestamp::descriptor()->file(), pb::Duration::descriptor()->file(), pb::FieldMask::descriptor()->file(),
      pb::Struct::descriptor()->file(),    pb::Empty::descriptor()->file(),    pb::Int32Value::descriptor()->file()};
  pb::FileDescriptorProto file;
  file.set_name("random.proto");
  file.set_package("random");
  proto3_ = chance(60);
  file.set_syntax(proto3_ ? "proto3" : "proto2");
  for (const auto* import : imports) {
    pb::FileDescriptorProto copy;
    import->CopyTo(&copy);
    pool_.BuildFile(copy);
    file.add_dependency(import->name());
  }
  auto* enumeration = file.add_enum_type();
  enumeration->set_name("E");
  const int values[] = {0, 1, 2, 7, -3};
  for (int i = 0; i < 5; ++i) {
    enumeration->add_value()->set_name("E" + std::to_string(i));
    enumeration->mutable_value(i)->set_number(values[i]);
  }
  for (int i = 0; i < kMessages; ++i) build_message(*file.add_message_type(), i);
  file_ = pool_.BuildFile(file);
}

void RandomMessages::build_message(pb::DescriptorProto& message, int index) {
  message.set_name("M" + std::to_string(index));
  // Now and then more fields than one machine word has bits.
  const int fields = static_cast<int>(chance(20) ? number(65, 90) : number(3, 16));
  const int oneof = static_cast<int>(number(0, fields - 1));  // three fields from there on
  message.add_oneof_decl()->set_name("one");
  int field_number = 0;
  for (int i = 0; i < fields; ++i) {
    field_number += static_cast<int>(chance(80) ? 1 : number(2, 400));
    build_field(message, field_number, i >= oneof && i < oneof + 3);
  }
}

void RandomMessages::build_field(pb::DescriptorProto& message, int number_of_field, bool in_oneof) {
  auto& field = *message.add_field();
  field.set_name((chance(50) ? "field_" : "f") + std::to_string(number_of_field));
  field.set_number(number_of_field);
  field.set_label(!in_oneof && chance(25) ? Type::LABEL_REPEATED : Type::LABEL_OPTIONAL);
  int type = static_cast<int>(number(1, 18));
  if (type == Type::TYPE_GROUP) type = Type::TYPE_MESSAGE;
  field.set_type(static_cast<Type::Type>(type));
  if (!in_oneof && chance(8)) return build_map(message, field);
  if (type == Type::TYPE_ENUM) field.set_type_name(".random.E");
  if (type == Type::TYPE_MESSAGE) {
    const bool known = chance(60);
    field.set_type_name(known ? std::string(".google.protobuf.") + kWellKnown[number(0, std::size(kWellKnown) - 1)]
                              : ".random.M" + std::to_string(number(0, kMessages - 1)));
  }
  const bool singular = field.label() == Type::LABEL_OPTIONAL;
  if (in_oneof) field.set_oneof_index(0);
  const bool packable =
      !singular && type != Type::TYPE_STRING && type != Type::TYPE_BYTES && type != Type::TYPE_MESSAGE;
  if (packable && chance(40)) field.mutable_options()->set_packed(chance(50));
}

void RandomMessages::build_map(pb::DescriptorProto& message, pb::FieldDescriptorProto& field) {
  constexpr Type::Type kKeys[] = {Type::TYPE_STRING, Type::TYPE_INT32,   Type::TYPE_UINT64, Type::TYPE_BOOL,
                                  Type::TYPE_SINT64, Type::TYPE_FIXED32, Type::TYPE_STRING};
  constexpr Type::Type kValues[] = {Type::TYPE_STRING, Type::TYPE_INT32,   Type::TYPE_DOUBLE, Type::TYPE_BYTES,
                                    Type::TYPE_ENUM,   Type::TYPE_MESSAGE, Type::TYPE_INT64};
  // A map is a repeated field of a nested type that the compiler names after it.
  std::string name;
  bool upper = true;
  for (const char c : field.name()) {
    if (c != '_') name += upper ? static_cast<char>(std::toupper(c)) : c;
    upper = c == '_';
  }
  auto& entry = *message.add_nested_type();
  entry.set_name(name + "Entry");
  entry.mutable_options()->set_map_entry(true);
  auto& key = *entry.add_field();
  key.set_name("key");
  key.set_number(1);
  key.set_label(Type::LABEL_OPTIONAL);
  key.set_type(kKeys[number(0, std::size(kKeys) - 1)]);
  auto& value = *entry.add_field();
  value.set_name("value");
  value.set_number(2);
  value.set_label(Type::LABEL_OPTIONAL);
  value.set_type(kValues[number(0, std::size(kValues) - 1)]);
  if (value.type() == Type::TYPE_ENUM) value.set_type_name(".random.E");
  if (value.type() == Type::TYPE_MESSAGE) value.set_type_name(".random.M" + std::to_string(number(0, kMessages - 1)));
  field.set_label(Type::LABEL_REPEATED);
  field.set_type(Type::TYPE_MESSAGE);
  field.set_type_name(".random." + message.name() + "." + entry.name());
}

void RandomMessages::fill(pb::Message& message, int depth) {
  if (fill_well_known(message, depth)) return;
  const pb::Descriptor& type = *message.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const bool deep = type.field(i)->message_type() != nullptr && depth >= 3;
    if (!deep && chance(depth == 0 ? 40 : 25)) fill_field(message, *type.field(i), depth);
  }
}

void RandomMessages::fill_field(pb::Message& message, const pb::FieldDescriptor& field, int depth) {
  const pb::Reflection& reflection = *message.GetReflection();
  const int count = field.is_repeated() ? static_cast<int>(number(1, 4)) : 1;
  for (int i = 0; i < count; ++i) {
    if (field.is_map()) {
      add_entry(message, field, depth, i);
    } else if (field.message_type() == nullptr) {
      set_scalar(message, field);
    } else if (field.is_repeated()) {
      fill(*reflection.AddMessage(&message, &field), depth + 1);
    } else {
      fill(*reflection.MutableMessage(&message, &field), depth + 1);
    }
  }
}

// Keys differ: what an encoder does with equal ones is its own affair.
void RandomMessages::add_entry(pb::Message& message, const pb::FieldDescriptor& field, int depth, int i) {
  const pb::FieldDescriptor& key = *field.message_type()->map_key();
  if (key.cpp_type() == pb::FieldDescriptor::CPPTYPE_BOOL && i > 0) return;
  pb::Message& entry = *message.GetReflection()->AddMessage(&message, &field);
  const pb::Reflection& reflection = *entry.GetReflection();
  switch (key.cpp_type()) {
    case pb::FieldDescriptor::CPPTYPE_STRING:
      reflection.SetString(&entry, &key, std::to_string(i) + text());
      break;
    case pb::FieldDescriptor::CPPTYPE_BOOL:
      reflection.SetBool(&entry, &key, chance(50));
      break;
    case pb::FieldDescriptor::CPPTYPE_INT32:
      reflection.SetInt32(&entry, &key, std::numeric_limits<std::int32_t>::min() + i);
      break;
    case pb::FieldDescriptor::CPPTYPE_UINT32:
      reflection.SetUInt32(&entry, &key, std::numeric_limits<std::uint32_t>::max() - static_cast<std::uint32_t>(i));
      break;
    case pb::FieldDescriptor::CPPTYPE_INT64:
      reflection.SetInt64(&entry, &key, std::numeric_limits<std::int64_t>::min() + i);
      break;
    default:
      reflection.SetUInt64(&entry, &key, std::numeric_limits<std::uint64_t>::max() - static_cast<std::uint64_t>(i));
      break;
  }
  const pb::FieldDescriptor& value = *field.message_type()->map_value();
  if (value.message_type() == nullptr) return set_scalar(entry, value);
  pb::Message& inner = *reflection.MutableMessage(&entry, &value);
  const bool is_value = field.message_type()->file()->package() == "google.protobuf";  // which must hold something
  if (depth < 3 || is_value) fill(inner, depth + 1);
}

void RandomMessages::set_scalar(pb::Message& message, const pb::FieldDescriptor& field) {
  const pb::Reflection& to = *message.GetReflection();
  const bool add = field.is_repeated();
  const auto set = [&](auto setter, auto adder, auto value) {
    if (add) {
      (to.*adder)(&message, &field, value);
    } else {
      (to.*setter)(&message, &field, value);
    }
  };
  using R = pb::Reflection;
  switch (field.cpp_type()) {
    case pb::FieldDescriptor::CPPTYPE_INT32:
      return set(&R::SetInt32, &R::AddInt32, static_cast<std::int32_t>(bits()));
    case pb::FieldDescriptor::CPPTYPE_INT64:
      return set(&R::SetInt64, &R::AddInt64, static_cast<std::int64_t>(bits()));
    case pb::FieldDescriptor::CPPTYPE_UINT32:
      return set(&R::SetUInt32, &R::AddUInt32, static_cast<std::uint32_t>(bits()));
    case pb::FieldDescriptor::CPPTYPE_UINT64:
      return set(&R::SetUInt64, &R::AddUInt64, bits());
    case pb::FieldDescriptor::CPPTYPE_DOUBLE:
      return set(&R::SetDouble, &R::AddDouble, real());
    case pb::FieldDescriptor::CPPTYPE_FLOAT:
      return set(&R::SetFloat, &R::AddFloat, static_cast<float>(real()));
    case pb::FieldDescriptor::CPPTYPE_BOOL:
      return set(&R::SetBool, &R::AddBool, chance(50));
    case pb::FieldDescriptor::CPPTYPE_ENUM:
      return set(&R::SetEnumValue, &R::AddEnumValue,
                 field.enum_type()->value(static_cast<int>(number(0, 4)))->number());
    default:
      break;
  }
  const std::string value = field.type() == pb::FieldDescriptor::TYPE_BYTES && chance(50)
                                ? std::string(1, static_cast<char>(number(0, 255))) + text()
                                : text();
  if (add) {
    to.AddString(&message, &field, value);
  } else {
    to.SetString(&message, &field, value);
  }
}

// Only values that have a JSON form.
bool RandomMessages::fill_well_known(pb::Message& message, int depth) {
  const std::string& name = message.GetDescriptor()->name();
  if (message.GetDescriptor()->file()->package() != "google.protobuf") return false;
  const pb::Descriptor& type = *message.GetDescriptor();
  const pb::Reflection& to = *message.GetReflection();
  if (name == "Timestamp") {
    to.SetInt64(&message, type.field(0), number(-62135596800, 253402300799));
    to.SetInt32(&message, type.field(1), static_cast<std::int32_t>(chance(50) ? 0 : number(0, 999999999)));
  } else if (name == "Duration") {
    const bool negative = chance(50);
    to.SetInt64(&message, type.field(0), number(0, 315576000000) * (negative ? -1 : 1));
    to.SetInt32(&message, type.field(1), static_cast<std::int32_t>(number(0, 999999999) * (negative ? -1 : 1)));
  } else if (name == "FieldMask") {
    for (std::int64_t i = number(0, 3); i > 0; --i) to.AddString(&message, type.field(0), "a_b.cd" + std::to_string(i));
  } else if (name == "Value") {
    const pb::FieldDescriptor& kind = *type.field(static_cast<int>(depth > 5 ? number(0, 3) : number(0, 5)));
    if (kind.message_type() != nullptr) {
      fill(*to.MutableMessage(&message, &kind), depth + 1);
    } else if (kind.number() == 1) {
      to.SetEnumValue(&message, &kind, 0);
    } else if (kind.number() == 2) {
      to.SetDouble(&message, &kind, static_cast<double>(number(-1000000, 1000000)) / 64);
    } else {
      set_scalar(message, kind);
    }
  } else if (name == "Struct" || name == "ListValue") {
    if (depth <= 5) fill_field(message, *type.field(0), depth);
  } else if (type.field_count() == 1) {
    set_scalar(message, *type.field(0));
  }
  return true;
}

}  // namespace sluice::gateway
