// RateLimit: a token bucket over the calls of a server.
#pragma once

#include <mutex>
#include <optional>

#include "rpc_core/base/clock.h"
#include "rpc_core/interceptor/interceptor.h"

namespace sluice::rpc {

// Calls beyond the limit are RESOURCE_EXHAUSTED at once. One serves any number of loops, with one rate for all of them.
class RateLimit final : public ServerInterceptor {
 public:
  // `burst` calls, at least one, may come at once after a pause.
  RateLimit(double calls_per_second, double burst);

  Task<void> handle(ServerCall& call, CallHandler& next) override;

 private:
  bool take(TimePoint now);

  const double per_second_;
  const double burst_;
  std::mutex mutex_;
  double tokens_;
  std::optional<TimePoint> filled_;
};

}  // namespace sluice::rpc
