// Objects, arrays and maps; scalars are in scalar_reader.cc, what a route adds in overlay_reader.cc.
#include "gateway/transcode/json_reader.h"

#include "gateway/transcode/binding_error.h"
#include "gateway/transcode/byte_scan.h"
#include "gateway/transcode/text_value.h"
#include "gateway/transcode/well_known.h"

namespace sluice::gateway {
bool JsonReader::content(const MessagePlan& plan) {
  if (plan.well_known == nullptr) return object_content(plan, nullptr);
  return read_well_known(*plan.well_known, *this, plan);
}

bool JsonReader::object_content(const MessagePlan& plan, const Overlay* overlay) {
  if (!open('{', "an object")) return false;
  if (peek() == '}') return close();
  return members(plan, overlay) && close();
}

bool JsonReader::any_fields(const MessagePlan& plan) {
  Overlay overlay;
  overlay.any = true;
  return object_content(plan, &overlay);
}

// From the first name to the closing brace.
bool JsonReader::members(const MessagePlan& plan, const Overlay* overlay) {
  SeenFields seen(scratch_, plan);
  const FieldPlan* next = plan.fields.data();
  const FieldPlan* const last = next + plan.fields.size();
  std::uint32_t unknown_scope = 0;
  while (true) {
    const char* const key_at = at_;
    const FieldPlan* found = expected_field(next, last);
    std::string_view name;
    if (found == nullptr) {
      if (!key(name)) return false;
      found = plan.find(name);
    } else if (!skip_space()) {
      return expected("a value");
    }
    if (found == nullptr) {
      if (!unknown_member(plan, name, overlay, unknown_scope)) return false;
    } else {
      next = found + 1;
      if (!seen.mark(found->index)) {
        return refused_at(key_at, "the field " + found->proto_name + " comes twice in one object");
      }
      const bool unset = *at_ == 'n' && !found->takes_null;
      if (found->oneof >= 0 && !unset && !seen.mark(found->oneof_bit)) {
        return refused_at(key_at, "a second member of the oneof " + found->descriptor->containing_oneof()->name());
      }
      const bool good = overlay == nullptr ? field(*found) : field_with_overlay(*found, *overlay);
      if (!good) return in_field(found->proto_name);
    }
    if (!skip_space()) return expected("',' or '}'");
    if (peek() == '}') return true;
    if (!comma("',' or '}'", "a member name")) return false;
  }
}

// Senders mostly write fields in the order of the schema, without a space before the colon: then the whole key with
// quotes and colon is compared in place, and neither its end is searched nor its name looked up. Moves behind the
// colon.
inline const FieldPlan* JsonReader::expected_field(const FieldPlan* next, const FieldPlan* last) {
  if (next == last) return nullptr;
  const KeyText key = next->json_key;
  const auto left = static_cast<std::size_t>(end_ - at_);
  if (left >= Block32::kSize && key.size <= Block32::kSize) [[likely]] {
    const std::uint32_t different = ~Block32(at_).same(Block32(key.text));
    if (different << (Block32::kSize - key.size) != 0) return nullptr;
  } else if (left < key.size || !same_bytes(at_, key.text, key.size)) {
    return nullptr;
  }
  at_ += key.size;
  return next;
}

bool JsonReader::unknown_member(const MessagePlan& plan, std::string_view name, const Overlay* overlay,
                                std::uint32_t& scope) {
  if (scope == 0) scope = scratch_.seen.new_scope();
  const bool is_type = overlay != nullptr && overlay->any && name == "@type";
  if (options_.reject_unknown_fields && !is_type) {
    return expected("a field of " + plan.descriptor->full_name()) || in_field(name);
  }
  return first_in_scope(scope, name) && skip_value();
}

bool JsonReader::field(const FieldPlan& field) {
  if (*at_ == 'n' && !(field.takes_null && !field.repeated && !field.map)) return null();
  if (field.map) return map(field);
  if (!field.repeated) return single(field);
  return field.packed ? packed(field) : repeated(field);
}

bool JsonReader::repeated(const FieldPlan& field) {
  return array([&](std::size_t) {
    if (*at_ == 'n' && !field.takes_null) return expected("an element");
    return single(field);
  });
}

bool JsonReader::packed(const FieldPlan& field) {
  const std::size_t before = out_.position();
  out_.tag_of(field);
  const std::size_t begin = out_.begin_length();
  if (!array([&](std::size_t) { return scalar(field); })) return false;
  if (out_.position() == begin) {
    out_.rewind(before);  // nothing in it: no field at all
  } else {
    out_.end_length(begin);
  }
  return true;
}

bool JsonReader::map(const FieldPlan& field) {
  const FieldPlan& key_field = field.message->fields[0];
  const FieldPlan& value_field = field.message->fields[1];
  const std::uint32_t scope = scratch_.seen.new_scope();
  return object([&](std::string_view name) {
    const std::string_view raw = raw_key();
    out_.tag_of(field);
    return nested([&] {
      if (!map_key(key_field, name, scope)) return false;
      if (*at_ == 'n' && !value_field.takes_null) return expected("a value") || in_key(raw);
      return single(value_field) || in_key(raw);
    });
  });
}

// Two texts may be one number (1 and 1.0): what counts is the value.
bool JsonReader::map_key(const FieldPlan& key, std::string_view text, std::uint32_t scope) {
  if (key.kind == Kind::String) {
    if (!first_in_scope(scope, text)) return false;
    out_.bytes_field(key.number, text);
    return true;
  }
  const char* const at = raw_key().data() - 1;
  out_.tag_of(key);
  std::uint64_t bits = 0;
  if (!text_bits(key, text, bits)) return expected_at(at, std::string(expected_kind(key.kind)) + " as the key");
  if (!scratch_.seen.insert(scope, bits)) return refused_at(at, "the key " + shown(text) + " comes twice");
  write_scalar_bits(key.kind, bits, out_);
  return true;
}

bool JsonReader::single(const FieldPlan& field) {
  if (field.message != nullptr) return message(field);
  out_.tag_of(field);
  return field.kind == Kind::String ? string_value() : scalar(field);
}

bool JsonReader::message(const FieldPlan& field) {
  out_.tag_of(field);
  if (field.kind == Kind::Message) return nested([&] { return content(*field.message); });
  if (!content(*field.message)) return false;
  out_.tag(field.number, WireType::EndGroup);
  return true;
}

}  // namespace sluice::gateway
