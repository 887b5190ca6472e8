// JSON text to wire bytes in one pass, driven by the plans.
#pragma once

#include <cstdint>
#include <string_view>

#include "gateway/transcode/byte_scan.h"
#include "gateway/transcode/json_cursor.h"
#include "gateway/transcode/message_plan.h"
#include "gateway/transcode/route_binding.h"
#include "gateway/transcode/scratch.h"
#include "gateway/transcode/wire_output.h"

namespace sluice::gateway {

struct ReadContext {
  WireOutput& out;
  Scratch& scratch;
  const PlanSet& types;  // for Any
  const ParseOptions& options;
};

// What else is looked at while a message is read: only some messages of a request have one.
struct Overlay {
  const BoundNode* bound = nullptr;         // fields that the path binds: the body's value must be the same
  const FieldPlan* skip_in_mask = nullptr;  // the mask itself
  bool keep_bound = false;                  // those stay: the output does not have the path's yet
  bool mask = false;                        // collect the members' paths
  bool any = false;                         // the object of an Any: "@type" is no field
};

// Reads values at the cursor and appends their encoding. Field order is the text's; nested lengths stay open until
// Scratch::lengths is applied to the whole output.
class JsonReader final : public JsonCursor {
 public:
  JsonReader(std::string_view text, const ReadContext& context)
      : JsonCursor(text, context.scratch, context.options.max_depth),
        out_(context.out),
        types_(context.types),
        options_(context.options) {}

  // The content of a message: an object, or the form of a well-known type.
  bool content(const MessagePlan& plan);
  bool object_content(const MessagePlan& plan, const Overlay* overlay);
  // A singular message with its tag, looked at by the overlay.
  bool message_with_overlay(const FieldPlan& field, const Overlay& overlay);
  // The members of an Any's object that are its message's fields; "@type" is passed over.
  bool any_fields(const MessagePlan& plan);
  // A field with its tag: null leaves it out (unless null is a value of its type), an array is a repeated field.
  bool field(const FieldPlan& field);
  // One value with its tag; of a repeated field or a map's value, an element.
  bool single(const FieldPlan& field);
  // Over the value of a member that the message lacks, or a fault where such are refused.
  bool unknown_value(std::string_view expected_names) {
    return options_.reject_unknown_fields ? expected(expected_names) : skip_value();
  }
  // The "@type" of the object at the cursor, which does not move; empty for an object without members.
  bool find_any_type(std::string_view& type);
  // A message with its length, for the reader of a well-known type.
  template <class Content>
  bool nested(Content&& content) {
    const NestedLengths::Mark mark = scratch_.lengths.begin(out_);
    if (!content()) return false;
    scratch_.lengths.end(out_, mark);
    return true;
  }
  // A string with its length.
  bool string_value() {
    if (short_string()) return true;
    const std::size_t begin = out_.begin_length();
    if (!text_into(out_)) return false;
    out_.end_length(begin);
    return true;
  }

  WireOutput& out() { return out_; }
  Scratch& scratch() { return scratch_; }
  const PlanSet& types() const { return types_; }
  // The mask's field was there and not empty.
  bool mask_given() const { return mask_given_; }

 private:
  bool members(const MessagePlan& plan, const Overlay* overlay);
  const FieldPlan* expected_field(const FieldPlan* next, const FieldPlan* last);
  bool unknown_member(const MessagePlan& plan, std::string_view name, const Overlay* overlay, std::uint32_t& scope);
  bool repeated(const FieldPlan& field);
  bool packed(const FieldPlan& field);
  bool map(const FieldPlan& field);
  bool map_key(const FieldPlan& key, std::string_view text, std::uint32_t scope);
  bool message(const FieldPlan& field);

  bool field_with_overlay(const FieldPlan& field, const Overlay& overlay);
  bool field_bound_by_path(const FieldPlan& field, int capture, bool keep);
  bool field_in_mask(const FieldPlan& field, const Overlay& inner, int capture);
  bool read_and_drop(const FieldPlan& field);

  bool scan_any_types();

  // Most strings are shorter than two blocks: one mask finds the end, the blocks are copied whole, and the length is
  // known at once. False, and nothing done, for all others.
  bool short_string() {
    if (end_ - at_ < static_cast<std::ptrdiff_t>(Block32::kSize) + 1 || *at_ != '"') return false;
    const Block32 block(at_ + 1);
    const int size = std::countr_zero(block.special());
    if (size >= static_cast<int>(Block32::kSize) || at_[1 + size] != '"') return false;
    char* const to = out_.need(1 + Block32::kSize);
    *to = static_cast<char>(size);
    block.store(to + 1);
    out_.advance_to(to + 1 + size);
    at_ += size + 2;
    return true;
  }

  // The value of a scalar without its tag.
  bool scalar(const FieldPlan& field);
  bool integer(Kind kind, std::uint64_t& bits);
  bool rare_integer(Kind kind, std::uint64_t& bits);
  bool floating(Kind kind);
  bool boolean();
  bool bytes();
  bool enumeration(const EnumPlan& plan);

  WireOutput& out_;
  const PlanSet& types_;
  const ParseOptions& options_;
  bool mask_given_ = false;
  const char* any_types_scanned_to_ = nullptr;  // Scratch::any_types has all objects before
};

// Appends the encoding of a scalar's bits (as integer_bits() gives them) without its tag.
void write_scalar_bits(Kind kind, std::uint64_t bits, WireOutput& out);
// "int32", "a number", …: what a fault says was expected.
std::string_view expected_kind(Kind kind);

}  // namespace sluice::gateway
