// The two implementations under measurement, each as a server and as a client with one connection and one thread.
#pragma once

#include "tests/bench/rpc/meter.h"

namespace sluice::bench {

// Prints its port, then serves until it is killed: over TLS with read_tls(tls_folder), or, where that is empty, in
// plain text.
void serve_sluice(const std::string& tls_folder);
Measured call_sluice(const Load& load);

// gRPC C++, by its asynchronous interface and one completion queue. False: it was not there when this was built.
bool has_grpcpp();
void serve_grpcpp(const std::string& tls_folder);
Measured call_grpcpp(const Load& load);

}  // namespace sluice::bench
