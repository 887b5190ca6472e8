// Messages and their fields; lists and maps are in collection_writer.cc, scalars in scalar_writer.cc.
#include "gateway/transcode/json_writer.h"

#include "gateway/transcode/json_string.h"
#include "gateway/transcode/well_known.h"
#include "gateway/transcode/wire_normal.h"

namespace sluice::gateway {

void JsonWriter::set_source(std::string_view source) {
  source_ = source.data();
  last_block_ = source.size() < Block32::kSize ? nullptr : source_ + source.size() - Block32::kSize;
}

bool JsonWriter::message(const MessagePlan& plan, std::string_view content) {
  if (--depth_left_ < 0) return refused(plan, "messages nested too deep");
  bool good;
  if (plan.well_known == nullptr) {
    open('{');
    good = fields(plan, content);
    close('}');
  } else if (!careful_) {
    good = plan.well_known->write(*this, plan, content);
  } else {
    rpc::Buffer rewritten;
    good = normalise(plan, content, rewritten) ? plan.well_known->write(*this, plan, content) : malformed(plan);
  }
  ++depth_left_;
  return good;
}

bool JsonWriter::any_object(std::string_view url, const MessagePlan& plan, std::string_view content) {
  open('{');
  indent();
  out_.bytes(print_.pretty ? "\"@type\": " : "\"@type\":");
  if (!write_string(url, out_)) return refused(plan, "a type URL that is not UTF-8");
  comma();
  bool good;
  if (plan.well_known == nullptr) {
    good = --depth_left_ >= 0 ? fields(plan, content) : refused(plan, "messages nested too deep");
    ++depth_left_;
  } else {
    indent();
    out_.bytes(print_.pretty ? "\"value\": " : "\"value\":");
    good = message(plan, content);
    comma();
  }
  close('}');
  return good;
}

bool JsonWriter::fields(const MessagePlan& plan, std::string_view content) {
  if (careful_ || selection_ != nullptr) return irregular_or_selected_fields(plan, content);
  return regular_fields(plan, content);
}

bool JsonWriter::irregular_or_selected_fields(const MessagePlan& plan, std::string_view content) {
  rpc::Buffer rewritten;
  if (careful_ && !normalise(plan, content, rewritten)) return malformed(plan);
  return selection_ != nullptr ? selected_fields(plan, content) : regular_fields(plan, content);
}

// Most members are a short plain string below a short name: the room is looked for once, both are copied as whole
// blocks, and their lengths decide no branch. False, and nothing done, for all others.
inline bool JsonWriter::short_string_member(const FieldPlan& field, std::string_view text) {
  const KeyText name = key_text(field);
  if (print_.pretty || name.size > Block32::kSize || text.size() >= Block32::kSize || !is_padded(text)) return false;
  const Block32 block(text.data());
  if ((block.special() & ((1u << text.size()) - 1)) != 0) return false;
  char* to = out_.need(2 * Block32::kSize + 3);
  Block32(name.text).store(to);
  to += name.size;
  *to++ = '"';
  block.store(to);
  to += text.size();
  *to++ = '"';
  *to++ = ',';
  out_.advance_to(to);
  return true;
}

inline bool JsonWriter::string_member(const MessagePlan& plan, const FieldPlan& field, WireInput& in) {
  std::string_view text;
  if (!in.length(text)) return malformed(plan);
  if (text.empty() && !field.has_presence && !print_.always_print_fields_with_no_presence) return true;
  return short_string_member(field, text) || any_string_member(field, text);
}

bool JsonWriter::any_string_member(const FieldPlan& field, std::string_view text) {
  key(field);
  if (!string(field, text)) return false;
  comma();
  return true;
}

// Encoders write fields by number and messages have most of theirs: the tag that follows is mostly the expected one.
bool JsonWriter::regular_fields(const MessagePlan& plan, std::string_view content) {
  WireInput in(content);  // only copies of it are handed on, so that it stays in registers
  SeenFields seen(scratch_, plan);
  std::uint32_t next = 0;  // of the fields whose absence would be shown
  const FieldPlan* expected = plan.fields.data();
  const FieldPlan* const last = expected + plan.fields.size();
  while (!in.done()) {
    const FieldPlan* field = expected;
    WireType type;
    if (expected != last && in.take_tag(*expected)) {
      type = expected->written_type;
    } else {
      WireInput copy = in;
      field = next_field(plan, copy, type);
      in = copy;
      if (field == nullptr && !fault_.empty()) return false;
      if (field == nullptr) continue;
    }
    expected = field + 1;
    if (!seen.mark(field->index)) return irregular();
    if (field->oneof >= 0 && !seen.mark(field->oneof_bit)) return irregular();
    if (print_.always_print_fields_with_no_presence) {
      if (field->index < next) return irregular();
      defaults(plan, next, field->index);
      next = field->index + 1u;
    }
    if (field->kind == Kind::String && !field->repeated) {
      if (!string_member(plan, *field, in)) return false;
    } else {
      WireInput copy = in;
      if (!member(plan, *field, type, copy)) return false;
      in = copy;
    }
  }
  if (print_.always_print_fields_with_no_presence) {
    defaults(plan, next, static_cast<std::uint32_t>(plan.fields.size()));
  }
  return true;
}

// Nullptr for an unknown field, which is passed over, and for a fault.
const FieldPlan* JsonWriter::next_field(const MessagePlan& plan, WireInput& in, WireType& type) {
  std::uint32_t number;
  if (!in.tag(number, type)) {
    malformed(plan);
    return nullptr;
  }
  const FieldPlan* const field = plan.find_number(number);
  if (field != nullptr && field->takes(type)) return field;
  if (!in.skip(number, type, kGroupDepth)) malformed(plan);
  return nullptr;
}

bool JsonWriter::member(const MessagePlan& plan, const FieldPlan& field, WireType type, WireInput& in) {
  if (field.map) return map(plan, field, in);
  if (field.repeated) return list(plan, field, type, in);
  RawValue raw;
  if (!read_value(field, type, in, raw)) return malformed(plan);
  const bool zero = (raw.bits & field.value_bits) == 0 && raw.bytes.empty();
  if (zero && !field.has_presence && !print_.always_print_fields_with_no_presence) return true;
  if (field.is_unknown_enum(raw.bits)) return true;
  key(field);
  if (!value(field, raw)) return false;
  comma();
  return true;
}

bool JsonWriter::field_alone(const MessagePlan& plan, const FieldPlan& field, std::string_view content) {
  rpc::Buffer rewritten;
  if (careful_ && !normalise(plan, content, rewritten)) return malformed(plan);
  WireInput in(content);
  RawValue raw;
  bool found = false;
  const std::uint32_t scope = field.map ? scratch_.seen.new_scope() : 0;
  if (field.map || field.repeated) open(field.map ? '{' : '[');
  while (!in.done()) {
    std::uint32_t number;
    WireType type;
    if (!in.tag(number, type)) return malformed(plan);
    const FieldPlan* const other = plan.find_number(number);
    if (other == nullptr || !other->takes(type)) {
      if (!in.skip(number, type, kGroupDepth)) return malformed(plan);
      continue;
    }
    if (other != &field) {
      if (found && field.oneof >= 0 && other->oneof == field.oneof) return irregular();
      if (!in.skip(number, type, kGroupDepth)) return malformed(plan);
    } else if (field.map) {
      if (!entries(plan, field, in, scope)) return false;
    } else if (field.repeated) {
      if (!elements(plan, field, type, in)) return false;
    } else {
      if (found) return irregular();
      if (!read_value(field, type, in, raw)) return malformed(plan);
      found = !field.is_unknown_enum(raw.bits);
      if (!found) raw = RawValue();
    }
  }
  if (field.map || field.repeated) {
    close(field.map ? '}' : ']');
    return true;
  }
  if (!found && field.message != nullptr) {
    out_.bytes(field.message->well_known == nullptr ? "{}" : field.message->well_known->absent);
    return true;
  }
  return value(field, raw);
}

bool JsonWriter::refused(const MessagePlan& plan, std::string_view what) {
  fault_ = plan.descriptor->full_name() + ": ";
  fault_ += what;
  return false;
}

void JsonWriter::defaults(const MessagePlan& plan, std::uint32_t from, std::uint32_t to) {
  for (std::uint32_t i = from; i < to; ++i) {
    const FieldPlan& field = plan.fields[i];
    if (field.has_presence || field.descriptor->is_extension()) continue;
    key(field);
    default_value(field);
    comma();
  }
}

void JsonWriter::default_value(const FieldPlan& field) {
  if (field.map) {
    out_.bytes("{}");
  } else if (field.repeated) {
    out_.bytes("[]");
  } else {
    scalar(field, RawValue());
  }
}

void JsonWriter::close(char bracket) {
  --indent_;
  if (*(out_.at(out_.position()) - 1) == ',') {
    out_.rewind(out_.position() - 1);
    indent();
  }
  out_.byte(bracket);
}

// One space a level.
void JsonWriter::new_line() {
  char* const to = out_.need(indent_ + 1);
  *to = '\n';
  std::memset(to + 1, ' ', indent_);
  out_.advance_to(to + 1 + indent_);
}

}  // namespace sluice::gateway
