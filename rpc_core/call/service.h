// Service: a named set of methods behind one object; what generated code implements and a server registers.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "rpc_core/call/call.h"

namespace sluice::rpc {

struct MethodInfo {
  std::string_view name;  // "SayHello"
  CallMode mode;
};

// Lives longer than the servers that it is registered with. Its methods may be called from every loop of such a server.
class Service {
 public:
  virtual ~Service() = default;
  virtual std::string_view service_name() const = 0;  // "package.Greeter"
  virtual std::span<const MethodInfo> methods() const = 0;
  // Serves one call of methods()[method].
  virtual Task<void> handle(std::size_t method, ServerCall& call) = 0;
};

}  // namespace sluice::rpc
