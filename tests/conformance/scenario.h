// One scenario of the conformance runner, seen from the client: make this call, and tell what came of it.
#pragma once

#include "connectrpc/conformance/v1/client_compat.pb.h"
#include "rpc_core/base/loop.h"
#include "rpc_core/base/task.h"

namespace sluice::rpc::conformance {

namespace v1 = connectrpc::conformance::v1;

// Over a connection of its own.
Task<v1::ClientCompatResponse> run_scenario(Loop& loop, v1::ClientCompatRequest request);

}  // namespace sluice::rpc::conformance
