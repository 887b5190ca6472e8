// Time as the project sees it: a monotonic clock that tests can drive.
#pragma once

#include <chrono>

namespace sluice::rpc {

using Duration = std::chrono::nanoseconds;
using TimePoint = std::chrono::time_point<std::chrono::steady_clock, Duration>;

class Clock {
 public:
  virtual TimePoint now() const = 0;

 protected:
  ~Clock() = default;
};

// std::chrono::steady_clock.
class SteadyClock final : public Clock {
 public:
  TimePoint now() const override { return std::chrono::steady_clock::now(); }
};

// Stands still until it is moved.
class ManualClock final : public Clock {
 public:
  TimePoint now() const override { return now_; }
  void advance(Duration by) { now_ += by; }

 private:
  TimePoint now_{std::chrono::hours(1)};
};

// now + timeout, without overflow: a timeout of hours^8 is a far future.
inline TimePoint deadline_after(TimePoint now, Duration timeout) {
  return timeout > TimePoint::max() - now ? TimePoint::max() : now + timeout;
}

}  // namespace sluice::rpc
