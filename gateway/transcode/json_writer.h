// Wire bytes to JSON text in one pass, driven by the plans.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/transcode/byte_output.h"
#include "gateway/transcode/byte_scan.h"
#include "gateway/transcode/message_plan.h"
#include "gateway/transcode/scratch.h"
#include "gateway/transcode/transcoder.h"
#include "gateway/transcode/wire_input.h"

namespace sluice::gateway {

struct WriteContext {
  ByteOutput& out;
  Scratch& scratch;
  const PlanSet& types;  // for Any
  const PrintOptions& print;
  int max_depth;
};

// One value as it lies on the wire: a number's bits, or bytes. All zero: the default value of every kind.
struct RawValue {
  std::uint64_t bits = 0;
  std::string_view bytes;

  // By the wire type; for a group, the content is found by the caller.
  bool read(WireType type, WireInput& in) {
    if (type == WireType::Varint) return in.varint(bits);
    if (type == WireType::Length) return in.length(bytes);
    if (type == WireType::Fixed64) return in.fixed64(bits);
    std::uint32_t four = 0;
    const bool good = in.fixed32(four);
    bits = four;
    return good;
  }
};

// Appends the JSON of messages. Each function returns false after noting a fault.
//
// Encoders write each field once, a repeated one in one piece, and that is what can be printed as it is read. Other
// bytes are valid too: a singular field given twice (the last wins, messages merge), repeated fields in pieces, a
// second member of a oneof, a map key again. They are noticed (irregular()), and the whole message is printed anew in
// careful mode, which puts each message in that order first (wire_normal.h).
class JsonWriter {
 public:
  enum class Mode { Fast, Careful };

  JsonWriter(const WriteContext& context, Mode mode)
      : out_(context.out),
        scratch_(context.scratch),
        types_(context.types),
        print_(context.print),
        selection_(context.print.fields),
        depth_left_(context.max_depth),
        careful_(mode == Mode::Careful) {}

  // All of the bytes that will be printed: within them whole blocks can be read.
  void set_source(std::string_view source);

  // A message: an object, or the form of its well-known type.
  bool message(const MessagePlan& plan, std::string_view content);
  // The value of one field of a message with that content; absent: its default, or what stands for none.
  bool field_alone(const MessagePlan& plan, const FieldPlan& field, std::string_view content);
  // A scalar's value. False for a string that is not UTF-8.
  bool scalar(const FieldPlan& field, const RawValue& value);
  // {"@type": url, …}
  bool any_object(std::string_view url, const MessagePlan& plan, std::string_view content);

  ByteOutput& out() { return out_; }
  const PlanSet& types() const { return types_; }

  bool malformed(const MessagePlan& plan) { return refused(plan, "malformed bytes"); }
  bool refused(const MessagePlan& plan, std::string_view what);
  bool irregular() {
    irregular_ = true;
    return false;
  }
  bool is_irregular() const { return irregular_; }
  const std::string& fault() const { return fault_; }

 private:
  bool fields(const MessagePlan& plan, std::string_view content);
  bool regular_fields(const MessagePlan& plan, std::string_view content);
  bool irregular_or_selected_fields(const MessagePlan& plan, std::string_view content);
  bool selected_fields(const MessagePlan& plan, std::string_view content);
  void selected_defaults(const MessagePlan& plan, std::uint32_t from, std::uint32_t to);
  const FieldPlan* next_field(const MessagePlan& plan, WireInput& in, WireType& type);
  bool member(const MessagePlan& plan, const FieldPlan& field, WireType type, WireInput& in);
  bool list(const MessagePlan& plan, const FieldPlan& field, WireType type, WireInput& in);
  bool elements(const MessagePlan& plan, const FieldPlan& field, WireType type, WireInput& in);
  bool packed_elements(const MessagePlan& plan, const FieldPlan& field, std::string_view content);
  bool map(const MessagePlan& plan, const FieldPlan& field, WireInput& in);
  bool entries(const MessagePlan& plan, const FieldPlan& field, WireInput& in, std::uint32_t scope);
  bool entry(const FieldPlan& field, std::string_view content, std::uint32_t scope);
  bool regular_entry(const FieldPlan& field, std::string_view content, std::uint32_t scope);
  bool new_map_key(const FieldPlan& key, const RawValue& value, std::uint32_t scope);
  bool map_key(const FieldPlan& key, const RawValue& value);
  bool read_value(const FieldPlan& field, WireType type, WireInput& in, RawValue& value) {
    if (type == WireType::StartGroup) return in.group(field.number, kGroupDepth, value.bytes);
    return value.read(type, in);
  }
  bool value(const FieldPlan& field, const RawValue& value) {
    return field.message != nullptr ? message(*field.message, value.bytes) : scalar(field, value);
  }
  bool string(const FieldPlan& field, std::string_view text);
  bool string_member(const MessagePlan& plan, const FieldPlan& field, WireInput& in);
  bool short_string_member(const FieldPlan& field, std::string_view text);
  bool any_string_member(const FieldPlan& field, std::string_view text);
  // A whole block can be read wherever the text begins or ends.
  bool is_padded(std::string_view text) const {
    return text.data() >= source_ && text.data() + text.size() <= last_block_;
  }
  void integer(std::uint64_t magnitude, bool negative, bool quoted);
  bool floating(double value, bool is_float);
  bool enumeration(const EnumPlan& plan, std::int32_t number);
  void defaults(const MessagePlan& plan, std::uint32_t from, std::uint32_t to);
  void default_value(const FieldPlan& field);

  // Layout: every item is followed by a comma, and close() takes the last one back.
  void open(char bracket) {
    out_.byte(bracket);
    ++indent_;
  }
  void close(char bracket);
  void key(const FieldPlan& field) {
    indent();
    const KeyText text = key_text(field);
    out_.padded_bytes(text.text, text.size);
    if (print_.pretty) out_.byte(' ');
  }
  KeyText key_text(const FieldPlan& field) const {
    return print_.preserve_proto_names ? field.proto_key : field.json_key;
  }
  void indent() {
    if (print_.pretty) new_line();
  }
  void new_line();
  void comma() { out_.byte(','); }

  ByteOutput& out_;
  Scratch& scratch_;
  const PlanSet& types_;
  const PrintOptions& print_;
  const FieldSelection* selection_;  // of the message that is being printed; nullptr: all of it
  int depth_left_;
  const bool careful_;
  bool irregular_ = false;
  std::size_t indent_ = 0;
  const char* source_ = nullptr;
  const char* last_block_ = nullptr;  // of the source
  std::string fault_;
};

}  // namespace sluice::gateway
