// The request messages that a whole request comes to.
#pragma once

#include <google/protobuf/message.h>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "gateway/protocol/rest_route.h"
#include "rpc_core/base/result.h"

namespace sluice::gateway {

struct WholeRequest {
  std::span<const std::string> captures;  // decoded
  std::string_view query;
  std::string_view body;
};

// Binds every message of the body, one where the client does not stream, and gives their number; `first` is the first
// of them. Of a stream without a body it is what path and query make of an empty one. Errors are those that the client
// would read.
rpc::Result<std::size_t> bind_request(const RestRoute& route, const WholeRequest& request,
                                      google::protobuf::Message& first);

}  // namespace sluice::gateway
