// How long a request may take: what the client asks for, within what the gateway allows.
#pragma once

#include <optional>

#include "gateway/http/message.h"
#include "rpc_core/base/clock.h"
#include "rpc_core/base/result.h"

namespace sluice::gateway {

// The smaller of grpc-timeout and X-Request-Timeout (seconds, decimals allowed); with neither `otherwise`.
// INVALID_ARGUMENT for one that is negative or malformed.
rpc::Result<std::optional<rpc::Duration>> request_timeout(const Headers& headers,
                                                          std::optional<rpc::Duration> otherwise);

}  // namespace sluice::gateway
