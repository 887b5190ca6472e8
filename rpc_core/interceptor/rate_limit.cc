// Filling the bucket by the time that has passed.
#include "rpc_core/interceptor/rate_limit.h"

#include <algorithm>
#include <chrono>

#include "rpc_core/base/loop.h"

namespace sluice::rpc {

RateLimit::RateLimit(double calls_per_second, double burst)
    : per_second_(calls_per_second), burst_(std::max(1.0, burst)), tokens_(burst_) {}

Task<void> RateLimit::handle(ServerCall& call, CallHandler& next) {
  if (take(call.loop().now())) {
    co_await next.handle(call);
    co_return;
  }
  Status over(StatusCode::ResourceExhausted, "too many calls a second");
  co_await call.finish(std::move(over));
}

// Threads that were here in the other order bring times that are a little older.
bool RateLimit::take(TimePoint now) {
  const std::lock_guard lock(mutex_);
  if (filled_ && *filled_ < now) {
    const double seconds = std::chrono::duration<double>(now - *filled_).count();
    tokens_ = std::min(burst_, tokens_ + seconds * per_second_);
  }
  filled_ = filled_ ? std::max(*filled_, now) : now;
  if (tokens_ < 1) return false;
  tokens_ -= 1;
  return true;
}

}  // namespace sluice::rpc
