// bench_rpc where gRPC C++ is not installed.
#include <stdexcept>

#include "tests/bench/rpc/peers.h"

namespace sluice::bench {

bool has_grpcpp() { return false; }
void serve_grpcpp(const std::string&) { throw std::runtime_error("built without gRPC C++"); }
Measured call_grpcpp(const Load&) { throw std::runtime_error("built without gRPC C++"); }

}  // namespace sluice::bench
