// RateLimit: a token bucket over the calls of one loop.
#pragma once

#include <optional>

#include "rpc_core/base/clock.h"
#include "rpc_core/interceptor/interceptor.h"

namespace sluice::rpc {

// Calls beyond the limit are RESOURCE_EXHAUSTED at once. Belongs to one loop: a server of N loops has N of them, each
// with its share of the rate.
class RateLimit final : public ServerInterceptor {
 public:
  // `burst` calls, at least one, may come at once after a pause.
  RateLimit(double calls_per_second, double burst);

  Task<void> handle(ServerCall& call, CallHandler& next) override;

 private:
  bool take(TimePoint now);

  const double per_second_;
  const double burst_;
  double tokens_;
  std::optional<TimePoint> filled_;
};

}  // namespace sluice::rpc
