// The part of JsonWriter that prints some fields of a message and passes over the others.
#include "gateway/transcode/field_selection.h"
#include "gateway/transcode/json_writer.h"

namespace sluice::gateway {

bool JsonWriter::selected_fields(const MessagePlan& plan, std::string_view content) {
  const FieldSelection& wanted = *selection_;
  WireInput in(content);
  SeenFields seen(scratch_, plan);
  std::uint32_t next = 0;  // of the fields whose absence would be shown
  while (!in.done()) {
    std::uint32_t number;
    WireType type;
    if (!in.tag(number, type)) return malformed(plan);
    const FieldPlan* const field = plan.find_number(number);
    const bool known = field != nullptr && field->takes(type);
    // An unwanted member of a oneof can take the place of a wanted one.
    if (known && field->oneof >= 0 && !seen.mark(field->oneof_bit)) return irregular();
    const FieldSelection* const part = known ? wanted.find(number) : nullptr;
    if (part == nullptr) {
      if (!in.skip(number, type, kGroupDepth)) return malformed(plan);
      continue;
    }
    if (!seen.mark(field->index)) return irregular();
    if (print_.always_print_fields_with_no_presence) {
      if (field->index < next) return irregular();
      selected_defaults(plan, next, field->index);
      next = field->index + 1u;
    }
    selection_ = part->whole() ? nullptr : part;
    const bool printed = member(plan, *field, type, in);
    selection_ = &wanted;
    if (!printed) return false;
  }
  if (print_.always_print_fields_with_no_presence) {
    selected_defaults(plan, next, static_cast<std::uint32_t>(plan.fields.size()));
  }
  return true;
}

void JsonWriter::selected_defaults(const MessagePlan& plan, std::uint32_t from, std::uint32_t to) {
  for (std::uint32_t i = from; i < to; ++i) {
    if (selection_->find(plan.fields[i].number) != nullptr) defaults(plan, i, i + 1);
  }
}

}  // namespace sluice::gateway
