// A descent over names, slashes and parentheses.
#include "gateway/transcode/field_selection.h"

#include <algorithm>
#include <string>

#include "annotations/field_path.h"
#include "gateway/transcode/binding_error.h"
#include "gateway/transcode/well_known.h"

namespace sluice::gateway {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

namespace {

constexpr int kDeepest = 100;

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

const FieldDescriptor* find_field(const Descriptor& message, const std::string& name) {
  const auto path = http_rule::resolve_field_path(message, name, http_rule::FieldNames::ProtoOrJson);
  return path ? path->back() : nullptr;
}

class SelectionParser {
 public:
  explicit SelectionParser(std::string_view text) : text_(text) {}

  rpc::Result<FieldSelection> parse(const Descriptor* message) && {
    FieldSelection root;
    if (!list(root, message, 0)) return rpc::fail(rpc::StatusCode::InvalidArgument, std::move(fault_));
    if (at_ != text_.size()) {
      expected("\",\"");
      return rpc::fail(rpc::StatusCode::InvalidArgument, std::move(fault_));
    }
    return root;
  }

 private:
  bool list(FieldSelection& node, const Descriptor* message, int depth) {
    do {
      while (at_ < text_.size() && text_[at_] == ' ') ++at_;
      if (!path(node, message, depth)) return false;
    } while (take(','));
    return true;
  }

  bool path(FieldSelection& start, const Descriptor* message, int depth) {
    FieldSelection* node = &start;
    while (true) {
      if (take('*')) {
        node->select_all();
        return true;
      }
      const FieldDescriptor* const field = name(message);
      if (field == nullptr) return false;
      node = &node->select(static_cast<std::uint32_t>(field->number()));
      message = selectable_message(*field);
      const bool deeper = take('.') || take('/');
      if (!deeper && !next_is('(')) {
        node->select_all();
        return true;
      }
      if (++depth > kDeepest) return expected("at most " + std::to_string(kDeepest) + " levels");
      if (deeper) continue;
      ++at_;
      if (!list(*node, message, depth)) return false;
      return take(')') || expected("\")\"");
    }
  }

  // Nullptr after noting a fault.
  const FieldDescriptor* name(const Descriptor* message) {
    const std::size_t begin = at_;
    std::size_t end = at_;
    while (end < text_.size() && is_name_character(text_[end])) ++end;
    const std::string name(text_.substr(begin, end - begin));
    if (name.empty()) {
      expected("the name of a field, or \"*\"");
    } else if (message == nullptr) {
      expected("\"*\" where there are no fields to choose from");
    } else if (const FieldDescriptor* field = find_field(*message, name)) {
      at_ = end;
      return field;
    } else {
      expected("a field of " + message->full_name());
    }
    return nullptr;
  }

  bool next_is(char c) const { return at_ < text_.size() && text_[at_] == c; }
  bool take(char c) {
    if (!next_is(c)) return false;
    ++at_;
    return true;
  }
  bool expected(const std::string& what) {
    fault_ = "column " + std::to_string(at_ + 1) + ": expected " + what + ", got ";
    fault_ += at_ == text_.size() ? "the end" : shown(text_.substr(at_));
    return false;
  }

  const std::string_view text_;
  std::size_t at_ = 0;
  std::string fault_;
};

}  // namespace

const FieldSelection* FieldSelection::find(std::uint32_t number) const {
  const auto found = std::ranges::lower_bound(fields_, number, {}, &Field::first);
  return found == fields_.end() || found->first != number ? nullptr : found->second.get();
}

FieldSelection& FieldSelection::select(std::uint32_t number) {
  auto found = std::ranges::lower_bound(fields_, number, {}, &Field::first);
  if (found == fields_.end() || found->first != number) {
    found = fields_.emplace(found, number, std::make_unique<FieldSelection>());
  }
  return *found->second;
}

void FieldSelection::select_all() { whole_ = true; }

rpc::Result<FieldSelection> parse_field_selection(std::string_view text, const Descriptor* message) {
  return SelectionParser(text).parse(message);
}

const Descriptor* selectable_message(const FieldDescriptor& field) {
  if (field.is_map() || field.message_type() == nullptr) return nullptr;
  return selectable_message(*field.message_type());
}

const Descriptor* selectable_message(const Descriptor& message) {
  return find_well_known(message.full_name()) == nullptr ? &message : nullptr;
}

}  // namespace sluice::gateway
