// CatchExceptions: a handler that throws ends its call, and nothing else.
#pragma once

#include <exception>
#include <functional>
#include <string_view>
#include <utility>

#include "rpc_core/interceptor/interceptor.h"

namespace sluice::rpc {

// The call is INTERNAL with a text that tells nothing of the exception; the sink, which may be empty, hears of it.
class CatchExceptions final : public ServerInterceptor {
 public:
  using Sink = std::function<void(std::string_view path, std::exception_ptr)>;
  explicit CatchExceptions(Sink sink = {}) : sink_(std::move(sink)) {}

  Task<void> handle(ServerCall& call, CallHandler& next) override;

 private:
  const Sink sink_;
};

}  // namespace sluice::rpc
