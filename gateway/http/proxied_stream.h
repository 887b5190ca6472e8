// A connection that a load balancer hands on with the PROXY protocol.
#pragma once

#include <memory>

#include "rpc_core/base/loop.h"
#include "rpc_core/base/result.h"
#include "rpc_core/base/task.h"
#include "rpc_core/transport/byte_stream.h"

namespace sluice::gateway {

// Reads the header at the start of the connection. What it gives begins behind it, and its peer is the client that the
// header names. INVALID_ARGUMENT: no such header. Where the client has closed before its first byte, or a stop was
// requested: nullptr.
rpc::Task<rpc::Result<std::unique_ptr<rpc::ByteStream>>> accept_proxied(rpc::Loop& loop,
                                                                        std::unique_ptr<rpc::ByteStream> stream);

}  // namespace sluice::gateway
