// Tables built from descriptors at load time: what reader and writer need to know of each message, field and enum.
#pragma once

#include <google/protobuf/descriptor.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "gateway/transcode/name_table.h"

namespace sluice::gateway {

// A field's wire form and JSON form in one; the values of FieldDescriptorProto.Type.
enum class Kind : std::uint8_t {
  Double = 1,
  Float = 2,
  Int64 = 3,
  Uint64 = 4,
  Int32 = 5,
  Fixed64 = 6,
  Fixed32 = 7,
  Bool = 8,
  String = 9,
  Group = 10,
  Message = 11,
  Bytes = 12,
  Uint32 = 13,
  Enum = 14,
  Sfixed32 = 15,
  Sfixed64 = 16,
  Sint32 = 17,
  Sint64 = 18,
};

enum class WireType : std::uint8_t { Varint = 0, Fixed64 = 1, Length = 2, StartGroup = 3, EndGroup = 4, Fixed32 = 5 };

struct EnumPlan {
  struct Value {
    std::int32_t number;
    std::string quoted_name;  // "\"NAME\""
  };
  const google::protobuf::EnumDescriptor* descriptor = nullptr;
  bool closed = false;        // numbers without a name are refused in JSON, unknown fields on the wire
  bool null_value = false;    // google.protobuf.NullValue: JSON null
  std::vector<Value> values;  // by number; of aliases the first
  NameTable by_name;          // to index of `numbers`
  std::vector<std::int32_t> numbers;

  // The value of that number, or nullptr.
  const Value* find(std::int32_t number) const;
};

struct MessagePlan;

// A quoted name with the colon, as JSON has it before a value: "\"pageToken\":". Up to 32 bytes of it are readable,
// however short it is, so that it is copied without asking for its length.
struct KeyText {
  const char* text = nullptr;
  std::uint32_t size = 0;
};

struct FieldPlan {
  const google::protobuf::FieldDescriptor* descriptor = nullptr;
  const MessagePlan* message = nullptr;  // of a message, group, or map (its entry)
  const EnumPlan* enumeration = nullptr;
  KeyText json_key;
  KeyText proto_key;
  std::uint32_t number = 0;
  std::uint16_t index = 0;      // in MessagePlan::fields
  std::int16_t oneof = -1;      // index of the oneof in its message; -1: none, or proto3 optional
  std::uint16_t oneof_bit = 0;  // where a oneof has its place among MessagePlan::bits
  Kind kind = Kind::Int32;
  bool repeated = false;  // and no map
  bool map = false;
  bool packed = false;
  bool has_presence = false;
  bool takes_null = false;                // JSON null is a value: google.protobuf.Value, NullValue
  WireType wire_type = WireType::Varint;  // of one value
  std::uint64_t value_bits = ~0ull;  // those of a varint that count: a 32-bit kind drops the upper ones, NullValue all
  const MessagePlan* containing = nullptr;
  // The tag that this field is written with (packed: of the packed form), as varint bytes in memory order.
  WireType written_type = WireType::Varint;
  std::uint8_t tag_size = 0;
  std::uint8_t tag_bytes[8] = {};
  // A tag of one or two bytes is there when the bits of the next two bytes, the first lowest, that are in the mask are
  // these. Of a longer tag a bit is asked for that no two bytes have.
  std::uint32_t short_tag = 1u << 16;
  std::uint32_t short_tag_mask = 1u << 16;
  std::string json_name;  // an extension: "[full.name]"
  std::string proto_name;

  // Of that wire type it is this field; of another, an unknown one. Repeated numbers come packed or one by one.
  bool takes(WireType type) const {
    return type == wire_type || (type == WireType::Length && repeated && wire_type != WireType::StartGroup);
  }
  // A number that a closed enum lacks is an unknown field.
  bool is_unknown_enum(std::uint64_t bits) const {
    return enumeration != nullptr && enumeration->closed &&
           enumeration->find(static_cast<std::int32_t>(bits)) == nullptr;
  }
};

struct WellKnownType;

struct MessagePlan {
  const google::protobuf::Descriptor* descriptor = nullptr;
  const WellKnownType* well_known = nullptr;  // a type with a JSON form of its own
  std::vector<FieldPlan> fields;              // by number
  NameTable by_name;                          // JSON names first, then proto names; to index of `fields`
  std::vector<std::uint16_t> by_number;       // for small numbers: index + 1, 0: none
  std::string key_texts;                      // what KeyText points into
  std::uint32_t bits = 0;                     // one a field, one a oneof: for whoever keeps track of what came

  const FieldPlan* find(std::string_view name) const {
    const std::uint32_t found = by_name.find(name);
    return found == NameTable::kNone ? nullptr : &fields[found];
  }
  const FieldPlan* find_number(std::uint32_t number) const {
    if (number < by_number.size()) return by_number[number] == 0 ? nullptr : &fields[by_number[number] - 1];
    return find_large_number(number);
  }

 private:
  const FieldPlan* find_large_number(std::uint32_t number) const;
};

// Owns the plans. Filled while the routes are loaded, then only read.
class PlanSet {
 public:
  // The plan of a message and of all that it can contain.
  const MessagePlan& add(const google::protobuf::Descriptor& message);
  // Every message of the file and of the files it imports.
  void add_file(const google::protobuf::FileDescriptor& file);
  // By full name, for google.protobuf.Any; nullptr when unknown.
  const MessagePlan* find(std::string_view full_name) const;

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view name) const { return std::hash<std::string_view>()(name); }
  };

  MessagePlan& message(const google::protobuf::Descriptor& descriptor);
  const EnumPlan& enumeration(const google::protobuf::EnumDescriptor& descriptor);
  void fill_pending();
  void fill(MessagePlan& plan);
  FieldPlan field(const google::protobuf::FieldDescriptor& descriptor);

  std::unordered_map<std::string, std::unique_ptr<MessagePlan>, Hash, std::equal_to<>> messages_;
  std::unordered_map<const google::protobuf::EnumDescriptor*, std::unique_ptr<EnumPlan>> enums_;
  std::unordered_map<const google::protobuf::FileDescriptor*, bool> files_;
  std::vector<MessagePlan*> pending_;
};

}  // namespace sluice::gateway
