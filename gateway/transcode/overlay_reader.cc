// What a route adds to reading its body: fields that the path binds, and the mask of a PATCH.
#include "gateway/transcode/json_reader.h"

namespace sluice::gateway {
namespace {

bool is_plain_message(const FieldPlan& field) {
  return field.message != nullptr && !field.repeated && !field.map && field.message->well_known == nullptr;
}

// At the '{' of an object.
bool is_empty_object(const char* at, const char* end) {
  const std::string_view rest(at + 1, static_cast<std::size_t>(end - at - 1));
  const std::size_t first = rest.find_first_not_of(" \n\r\t");
  return first != std::string_view::npos && rest[first] == '}';
}

// FieldMask.paths is field 1.
void append_path(std::string& paths, std::string_view path) {
  char length[10];
  const char* const end = put_varint(length, path.size());
  paths += '\x0A';
  paths.append(length, static_cast<std::size_t>(end - length));
  paths += path;
}

}  // namespace

bool JsonReader::field_with_overlay(const FieldPlan& field, const Overlay& overlay) {
  const bool unset = *at_ == 'n' && !field.takes_null;
  if (&field == overlay.skip_in_mask) {
    mask_given_ = *at_ == '"' && end_ - at_ > 1 && at_[1] != '"';
    return this->field(field);
  }
  Overlay inner;
  inner.mask = overlay.mask;
  inner.keep_bound = overlay.keep_bound;
  int capture = -1;
  if (overlay.bound != nullptr && !unset) {
    const FieldPlan* member = overlay.bound->member_of_oneof(field.oneof);
    if (member != nullptr && member != &field) {
      if (options_.path_wins) return read_and_drop(field);
      return refused_at(at_, "the path binds " + member->proto_name + " of the same oneof");
    }
    const BoundNode::Child* child = overlay.bound->find(field);
    if (child != nullptr) {
      inner.bound = child->node.get();
      capture = child->capture;
    }
  }
  if (overlay.mask) return field_in_mask(field, inner, capture);
  if (capture >= 0) return field_bound_by_path(field, capture, inner.keep_bound);
  if (inner.bound != nullptr) return message_with_overlay(field, inner);
  return this->field(field);
}

// Equal values are fine. Unless they are to be kept, the path's is in the output already.
bool JsonReader::field_bound_by_path(const FieldPlan& field, int capture, bool keep) {
  const char* const at = at_;
  const std::size_t begin = out_.position();
  const std::size_t count = scratch_.lengths.count();
  const std::size_t extra = scratch_.lengths.extra();
  if (!this->field(field)) return false;
  scratch_.lengths.apply(out_, count, extra);
  const bool same = out_.from(begin).empty() || out_.from(begin) == scratch_.capture(static_cast<std::size_t>(capture));
  if (same && keep) return true;
  out_.rewind(begin);
  scratch_.lengths.rewind(count, extra);
  return same || options_.path_wins || refused_at(at, "the value in the body differs from the path's");
}

bool JsonReader::read_and_drop(const FieldPlan& field) {
  const std::size_t begin = out_.position();
  const std::size_t count = scratch_.lengths.count();
  const std::size_t extra = scratch_.lengths.extra();
  if (!this->field(field)) return false;
  out_.rewind(begin);
  scratch_.lengths.rewind(count, extra);
  return true;
}

// A member is in the mask by its own path; a message that is not empty, by the paths of its members that are known.
bool JsonReader::field_in_mask(const FieldPlan& field, const Overlay& inner, int capture) {
  std::string& prefix = scratch_.mask_prefix;
  const std::size_t prefix_size = prefix.size();
  if (!prefix.empty()) prefix += '.';
  prefix += field.proto_name;
  const bool enters = is_plain_message(field) && *at_ == '{';
  const bool is_leaf = !enters || is_empty_object(at_, end_);
  const bool good = capture >= 0 ? field_bound_by_path(field, capture, inner.keep_bound)
                    : enters     ? message_with_overlay(field, inner)
                                 : this->field(field);
  if (!good) return false;
  if (is_leaf) append_path(scratch_.mask_paths, prefix);
  prefix.resize(prefix_size);
  return true;
}

bool JsonReader::message_with_overlay(const FieldPlan& field, const Overlay& inner) {
  out_.tag_of(field);
  if (field.kind == Kind::Message) return nested([&] { return object_content(*field.message, &inner); });
  if (!object_content(*field.message, &inner)) return false;
  out_.tag(field.number, WireType::EndGroup);
  return true;
}

}  // namespace sluice::gateway
