// One rule a kind of field.
#include "gateway/transcode/text_json.h"

#include <nlohmann/json.hpp>

#include "gateway/transcode/binding_error.h"
#include "gateway/transcode/utf8.h"
#include "gateway/transcode/well_known.h"

namespace sluice::gateway {

using rpc::fail;
using rpc::Result;
using rpc::StatusCode;

namespace {

std::unexpected<rpc::Status> expected(const std::string& what, std::string_view text) {
  return fail(StatusCode::InvalidArgument, "expected " + what + ", got " + shown(text));
}

Result<std::string> quoted_text(std::string_view text) {
  if (!is_utf8(text)) return expected("UTF-8", text);
  return quoted_json(text);
}

Result<std::string> json_text(std::string_view text) {
  if (!nlohmann::json::accept(text)) return expected("JSON", text);
  return std::string(text);
}

Result<std::string> of_message(const FieldPlan& field, std::string_view text) {
  const WellKnownType* known = field.message->well_known;
  if (known == nullptr && !field.repeated) return expected("the fields of " + field.proto_name, text);
  if (known == nullptr || known->form == WellKnownType::Form::Json) return json_text(text);
  if (known->form == WellKnownType::Form::Text) return quoted_text(text);
  return text_to_json(field.message->fields[0], text);
}

bool is_number(std::string_view text) {
  return !text.empty() && (text[0] == '-' || (text[0] >= '0' && text[0] <= '9'));
}

}  // namespace

Result<std::string> text_to_json(const FieldPlan& field, std::string_view text) {
  if (field.map) {
    FieldPlan value = field.message->fields[1];
    value.repeated = true;  // a map's message is given as JSON text, like an element
    return text_to_json(value, text);
  }
  switch (field.kind) {
    case Kind::Message:
    case Kind::Group:
      return of_message(field, text);
    case Kind::String:
    case Kind::Bytes:
      return quoted_text(text);
    case Kind::Bool:
      if (text != "true" && text != "false") return expected("true or false", text);
      return std::string(text);
    case Kind::Enum:
      if (is_number(text)) return json_text(text);
      return quoted_text(text);
    default:
      if (text.empty()) return expected("a number", text);
      return quoted_text(text);
  }
}

std::string quoted_json(std::string_view text) { return nlohmann::json(text).dump(); }

std::string default_json(const FieldPlan& field) {
  if (field.repeated) return "[]";
  if (field.map) return "{}";
  if (field.message == nullptr) return "null";
  const WellKnownType* known = field.message->well_known;
  if (known == nullptr || known->full_name == "google.protobuf.Struct" || known->full_name == "google.protobuf.Any") {
    return "{}";
  }
  return known->full_name == "google.protobuf.ListValue" ? "[]" : "null";
}

}  // namespace sluice::gateway
