// Interceptors: steps around calls, the same for all four modes, on either side; stacked in one list.
#pragma once

#include <initializer_list>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "rpc_core/call/call.h"
#include "rpc_core/call/service.h"

namespace sluice::rpc {

// One step of a server. It serves the call by awaiting next.handle(call), with the same call or one that wraps it, or
// ends it with call.finish(). May run for many calls at a time, on every loop of the servers that use it.
class ServerInterceptor {
 public:
  virtual ~ServerInterceptor() = default;
  virtual Task<void> handle(ServerCall& call, CallHandler& next) = 0;
};

// A service with interceptors around it, the outermost first. All of them outlive it.
//
//   Intercepted greeter(greeter_service, {&log, &catch_exceptions, &tokens, &rate_limit});
//   server.add(greeter);
//
// Calls of methods that no service has are answered by the server, and reach no interceptor.
class Intercepted final : public Service {
 public:
  using Stack = std::vector<ServerInterceptor*>;

  Intercepted(Service& service, Stack stack) : service_(service), stack_(std::move(stack)) {}

  std::string_view service_name() const override { return service_.service_name(); }
  std::span<const MethodInfo> methods() const override { return service_.methods(); }
  Task<void> handle(std::size_t method, ServerCall& call) override;

 private:
  class Step;

  Service& service_;
  const Stack stack_;
};

// One step of a client: starts the call at `next`, with what it wants to change, and gives that call or one that wraps
// it. It outlives the calls.
class ClientInterceptor {
 public:
  virtual ~ClientInterceptor() = default;
  virtual std::unique_ptr<Call> start(Caller& next, std::string_view path, const CallOptions& options) = 0;
};

// A caller with interceptors around it, the outermost first; it goes wherever a channel does. All of them outlive it.
//
//   InterceptedCaller caller(*channel, {&log, &metrics});
//   GreeterClient greeter(caller);
class InterceptedCaller final : public Caller {
 public:
  using Stack = std::vector<ClientInterceptor*>;

  InterceptedCaller(Caller& caller, Stack stack);
  ~InterceptedCaller() override;

  std::unique_ptr<Call> start(std::string_view path, const CallOptions& options) override;
  Loop& loop() override { return caller_.loop(); }

 private:
  class Step;

  Caller& caller_;
  std::vector<std::unique_ptr<Step>> steps_;  // the innermost first
};

}  // namespace sluice::rpc
