// CallObserver: tells a sink of every call when it is over: what logging and metrics are made of.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "rpc_core/base/clock.h"
#include "rpc_core/base/status.h"
#include "rpc_core/interceptor/interceptor.h"

namespace sluice::rpc {

// The views are valid while the record is handed on.
struct CallRecord {
  std::string_view path;  // "/package.Service/Method"
  std::string_view peer;  // of a server's call: "127.0.0.1:41234"; else empty
  Status status;          // a client that dropped its call: CANCELLED
  Duration duration{};
  std::uint64_t messages_sent = 0;
  std::uint64_t messages_received = 0;
};

// "/greeter.Greeter/Hello OK 1.250ms sent=1 received=1 peer=127.0.0.1:41234"; the status's message follows its code.
std::string to_string(const CallRecord& record);

// For both sides. The sink is called on the loop of the call, once a call; by several threads at a time
// where a server has several loops. A handler that throws, or returns without
// finish(), counts as UNKNOWN.
class CallObserver final : public ServerInterceptor, public ClientInterceptor {
 public:
  using Sink = std::function<void(const CallRecord&)>;
  explicit CallObserver(Sink sink) : sink_(std::move(sink)) {}

  Task<void> handle(ServerCall& call, CallHandler& next) override;
  std::unique_ptr<Call> start(Caller& next, std::string_view path, const CallOptions& options) override;

 private:
  class ServerSide;
  class ClientSide;

  const Sink sink_;
};

}  // namespace sluice::rpc
