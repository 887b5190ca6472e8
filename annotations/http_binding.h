// HttpBinding: one HTTP route of a gRPC method, from a google.api.HttpRule that is checked against the descriptors.
#pragma once

#include <google/protobuf/descriptor.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "annotations/field_path.h"
#include "annotations/path_template.h"
#include "google/api/http.pb.h"

namespace sluice::http_rule {

enum class BodyKind : std::uint8_t {
  None,   // the route takes no body
  Whole,  // "*": the request message
  Field,  // one field of it
};

// A value; its descriptors belong to their pool, which outlives it.
struct HttpBinding {
  const google::protobuf::MethodDescriptor* method = nullptr;
  std::string http_method;  // "GET"; "*" is any
  PathTemplate path;
  std::string template_text;  // the path as it was written
  std::vector<FieldPath> variables;  // the field of each of path.variables; a scalar or a type with a scalar JSON form
  BodyKind body = BodyKind::None;
  const google::protobuf::FieldDescriptor* body_field = nullptr;     // with BodyKind::Field
  const google::protobuf::FieldDescriptor* response_body = nullptr;  // nullptr: the whole response
  std::string origin;  // for people: "library.proto: library.v1.Library.GetBook: additional_bindings[0]"

  friend bool operator==(const HttpBinding&, const HttpBinding&) = default;
};

// What came of reading: the good bindings, and a line for each problem with file, method and, in a template, the
// column.
struct Extraction {
  std::vector<HttpBinding> bindings;
  std::vector<std::string> problems;
};

// Appends the routes of one rule and of its additional_bindings. `file` is where the rule stands; the selector is not
// looked at.
void bind_rule(const google::api::HttpRule& rule, const google::protobuf::MethodDescriptor& method,
               std::string_view file, Extraction& out);

// The route of a method without a rule: POST /package.Service/Method, the whole message in the body.
HttpBinding default_binding(const google::protobuf::MethodDescriptor& method);

}  // namespace sluice::http_rule
