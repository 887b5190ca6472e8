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

// What stands in path and query: captures decoded, the query raw and well-formed.
struct PathAndQuery {
  std::span<const std::string> captures;
  std::string_view query;
};

// Path variables, then query parameters, then what the message has else, field by field. `without_body` is what path
// and query alone make of the message.
std::vector<BoundField> bound_fields(const http_rule::HttpBinding& binding, const PathAndQuery& given,
                                     const google::protobuf::Message& message,
                                     const google::protobuf::Message& without_body);

}  // namespace sluice::gateway
