// The chains.
#include "rpc_core/interceptor/interceptor.h"

#include <cstddef>

namespace sluice::rpc {

// What comes after the interceptors that have run: the next one, or the service.
class Intercepted::Step final : public CallHandler {
 public:
  Step(std::span<ServerInterceptor* const> rest, Service& service, std::size_t method)
      : rest_(rest), service_(service), method_(method) {}

  Task<void> handle(ServerCall& call) override {
    if (rest_.empty()) {
      co_await service_.handle(method_, call);
      co_return;
    }
    Step next(rest_.subspan(1), service_, method_);
    co_await rest_.front()->handle(call, next);
  }

 private:
  std::span<ServerInterceptor* const> rest_;
  Service& service_;
  std::size_t method_;
};

Task<void> Intercepted::handle(std::size_t method, ServerCall& call) {
  Step first(stack_, service_, method);
  co_await first.handle(call);
}

// One interceptor and the caller that it starts its calls at.
class InterceptedCaller::Step final : public Caller {
 public:
  Step(ClientInterceptor& interceptor, Caller& next) : interceptor_(interceptor), next_(next) {}

  std::unique_ptr<Call> start(std::string_view path, const CallOptions& options) override {
    return interceptor_.start(next_, path, options);
  }
  Loop& loop() override { return next_.loop(); }

 private:
  ClientInterceptor& interceptor_;
  Caller& next_;
};

InterceptedCaller::InterceptedCaller(Caller& caller, Stack stack) : caller_(caller) {
  Caller* next = &caller;
  while (!stack.empty()) {
    steps_.push_back(std::make_unique<Step>(*stack.back(), *next));
    next = steps_.back().get();
    stack.pop_back();
  }
}

InterceptedCaller::~InterceptedCaller() = default;

std::unique_ptr<Call> InterceptedCaller::start(std::string_view path, const CallOptions& options) {
  return steps_.empty() ? caller_.start(path, options) : steps_.back()->start(path, options);
}

}  // namespace sluice::rpc
