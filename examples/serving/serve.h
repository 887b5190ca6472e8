// What the example servers have in common: their command line, a server on a loop of its own, and the end by a signal.
#pragma once

#include <vector>

#include "rpc_core/call/service.h"

namespace examples {

// Serves the services until SIGINT or SIGTERM, and gives the exit code: 0, 1 when it cannot listen, 2 for a wrong
// command line. Their methods run on one thread, which is not the caller's; they outlive this call.
//
//   --listen ADDRESS   host:port or unix:/path; without it 127.0.0.1:50051
//   --port N           a port of 127.0.0.1; 0: any free one
//
// When it is ready, stderr has one line: "NAME listening on 127.0.0.1:50051".
int serve(int argc, char** argv, const char* name, const std::vector<sluice::rpc::Service*>& services);

}  // namespace examples
