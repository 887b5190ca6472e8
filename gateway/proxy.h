// The proxy: one exchange of a client, one call to a backend, and the messages between them.
#pragma once

#include "gateway/protocol/exchange.h"
#include "rpc_core/call/call.h"

namespace sluice::gateway {

// Serves the exchange to its end. A stop cancels the call.
rpc::Task<void> forward(Exchange& exchange, rpc::Caller& backend);

}  // namespace sluice::gateway
