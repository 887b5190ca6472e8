// TokenCheck: admits calls by the bearer token in their metadata (RFC 6750).
#pragma once

#include <functional>
#include <string_view>
#include <utility>

#include "rpc_core/interceptor/interceptor.h"

namespace sluice::rpc {

// A call without "authorization: Bearer …" is UNAUTHENTICATED; with one the check decides: any status but OK ends the
// call. The check may wait, for a key server for instance; it runs under the call's stop token.
class TokenCheck final : public ServerInterceptor {
 public:
  using Check = std::function<Task<Status>(std::string_view token, const CallInfo& call)>;
  explicit TokenCheck(Check check) : check_(std::move(check)) {}

  Task<void> handle(ServerCall& call, CallHandler& next) override;

 private:
  const Check check_;
};

}  // namespace sluice::rpc
