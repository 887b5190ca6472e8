// A channel's settings from a gRPC service config: the JSON text that other gRPC clients take, too.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rpc_core/base/result.h"
#include "rpc_core/client/method_config.h"

namespace sluice::rpc {

struct ServiceConfig {
  MethodConfigs methods;
  // What the text has beyond them and this library does not do, each with its place: "methodConfig[0].retryPolicy: not
  // supported", "methodConfig[0].timeOut: unknown field". gRPC's clients pass over the latter in silence.
  std::vector<std::string> ignored;
};

// https://github.com/grpc/grpc/blob/master/doc/service_config.md
//
//   const auto config = parse_service_config(
//       R"({"methodConfig": [{"name": [{"service": "shop.Orders", "method": "Pay"}], "timeout": "1.5s"}]})");
//   if (config) options.methods = config->methods;
//
// Of a methodConfig it takes name, timeout, waitForReady, maxRequestMessageBytes and maxResponseMessageBytes. A name
// without a method is for a whole service, one without a service for all others. INVALID_ARGUMENT for text that is no
// such config, or has two for one name; it tells the place: `methodConfig[0].timeout: expected …, got 3`.
Result<ServiceConfig> parse_service_config(std::string_view json);

}  // namespace sluice::rpc
