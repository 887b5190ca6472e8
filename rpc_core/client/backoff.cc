#include "rpc_core/client/backoff.h"

#include <algorithm>

namespace sluice::rpc {

Duration Backoff::next() {
  std::uniform_real_distribution<double> jitter(1 - options_.jitter, 1 + options_.jitter);
  const auto scaled = [](Duration time, double factor) {
    return std::chrono::duration_cast<Duration>(std::chrono::duration<double, std::nano>(time) * factor);
  };
  const Duration wait = scaled(current_, jitter(random_));
  current_ = std::min(scaled(current_, options_.multiplier), options_.max);
  return wait;
}

}  // namespace sluice::rpc
