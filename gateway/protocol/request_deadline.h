// How long a request may take: what the client asks for, within what the gateway allows.
#pragma once

#include <optional>

#include "gateway/http/message.h"
#include "rpc_core/base/clock.h"
#include "rpc_core/base/result.h"

namespace sluice::gateway {

// What a call gets whose client asks for nothing, and whether that is also the most that one who asks gets.
struct RouteTimeout {
  std::optional<rpc::Duration> time;
  bool is_limit = false;
};

// The smaller of grpc-timeout and X-Request-Timeout (seconds, decimals allowed), within the route's limit; with neither
// the route's time. INVALID_ARGUMENT for one that is negative or malformed.
rpc::Result<std::optional<rpc::Duration>> request_timeout(const Headers& headers, const RouteTimeout& route);

}  // namespace sluice::gateway
