// The lookup of field paths, part by part.
#include "annotations/field_path.h"

#include <cstddef>

namespace sluice::http_rule {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

const FieldDescriptor* find_field(const Descriptor& message, std::string_view name, FieldNames names) {
  if (const FieldDescriptor* field = message.FindFieldByName(std::string(name))) return field;
  if (names == FieldNames::Proto) return nullptr;
  for (int i = 0; i < message.field_count(); ++i) {
    if (message.field(i)->json_name() == name) return message.field(i);
  }
  return nullptr;
}

// What keeps `field` from having fields of its own that a path can name; empty: nothing does.
std::string_view why_no_parent(const FieldDescriptor& field) {
  if (field.is_map()) return "a map";
  if (field.is_repeated()) return "repeated";
  if (field.message_type() == nullptr) return field.type_name();
  return {};
}

std::unexpected<rpc::Status> not_found(std::string text) {
  return rpc::fail(rpc::StatusCode::InvalidArgument, std::move(text));
}

}  // namespace

rpc::Result<FieldPath> resolve_field_path(const Descriptor& message, std::string_view path, FieldNames names) {
  FieldPath fields;
  const Descriptor* parent = &message;
  while (true) {
    const std::size_t dot = path.find('.');
    const std::string name(path.substr(0, dot));
    const FieldDescriptor* field = find_field(*parent, name, names);
    if (field == nullptr) return not_found("message " + parent->full_name() + " has no field \"" + name + "\"");
    fields.push_back(field);
    if (dot == std::string_view::npos) return fields;
    if (const std::string_view reason = why_no_parent(*field); !reason.empty()) {
      return not_found("field \"" + name + "\" of " + parent->full_name() + " is " + std::string(reason) +
                       ": expected a singular message before \"." + std::string(path.substr(dot + 1)) + "\"");
    }
    parent = field->message_type();
    path.remove_prefix(dot + 1);
  }
}

std::string to_string(const FieldPath& path) {
  std::string text;
  for (const FieldDescriptor* field : path) text += (text.empty() ? "" : ".") + field->name();
  return text;
}

}  // namespace sluice::http_rule
