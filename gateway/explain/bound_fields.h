// Where each field of a request message comes from.
#pragma once

#include <google/protobuf/message.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "annotations/http_binding.h"

namespace sluice::gateway {

struct BoundField {
  std::string name;    // "book.name"; as the client spelt it where it is no field
  std::string source;  // "path", "query", "body", "default"
  std::string value;   // decoded, of path and query
  std::string note;    // why it binds nothing
};

// Path variables, then query parameters, then what the message has else, field by field. `captures` are decoded; the
// query is raw and well-formed.
std::vector<BoundField> bound_fields(const http_rule::HttpBinding& binding, std::span<const std::string> captures,
                                     std::string_view query, const google::protobuf::Message& message);

}  // namespace sluice::gateway
