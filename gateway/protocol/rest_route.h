// RestRoute: what the REST protocol needs to know of one HTTP binding.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "annotations/percent.h"
#include "gateway/protocol/request_deadline.h"
#include "gateway/protocol/returned_headers.h"
#include "gateway/transcode/transcoder.h"

namespace sluice::gateway {

// Immutable, part of a route table.
struct RestRoute {
  std::string path_template;  // "/v1/{name=shelves/*}", for people and metrics
  std::string call_path;      // "/package.Service/Method"
  bool client_streams = false;
  bool server_streams = false;
  std::vector<http_rule::Unescape> unescape;  // how each capture is decoded
  std::vector<std::string> variables;         // the field that each capture binds: "book.name"
  std::unique_ptr<const Transcoder> transcoder;
  RouteTimeout timeout;
  std::size_t max_request_bytes = 0;
  std::size_t max_response_bytes = 0;
  ReturnedHeaders returned;
  const google::protobuf::Descriptor* answer = nullptr;  // whose fields a client can select; nullptr: there are none
  bool binds_fields = false;                             // the request has a field "fields" for the query
};

}  // namespace sluice::gateway
