// TimerWheel: all deadlines, timeouts and backoffs of one thread, at a few nanoseconds each.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "rpc_core/base/clock.h"

namespace sluice::rpc {

// An entry of the wheel, owned by whoever waits; destroying it cancels it. on_timer() only records and posts.
class Timer {
 public:
  Timer() = default;
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  bool scheduled() const { return next_ != nullptr; }
  void cancel();

 protected:
  ~Timer() { cancel(); }
  virtual void on_timer() {}

 private:
  friend class TimerWheel;
  Timer* next_ = nullptr;
  Timer* previous_ = nullptr;
  std::uint64_t tick_ = 0;
};

// A hierarchical wheel of 1 ms ticks: eight levels of 64 slots, which is more than a TimePoint can count.
// Scheduling and cancelling take constant time and allocate nothing. A timer never fires early, and at most a tick late.
class TimerWheel {
 public:
  static constexpr Duration kTick = std::chrono::milliseconds(1);

  explicit TimerWheel(TimePoint start);
  ~TimerWheel();

  // (Re)schedules; a time that has passed fires at the next tick.
  void schedule(Timer& timer, TimePoint when);

  // Fires what is due, oldest slot first.
  void advance(TimePoint now);

  // When advance() has something to do at the earliest: never later than the first timer, sometimes earlier.
  std::optional<TimePoint> next_due() const;

 private:
  static constexpr int kLevels = 8;
  static constexpr int kSlotBits = 6;
  static constexpr std::uint64_t kSlots = 1 << kSlotBits;

  struct Anchor final : Timer {
    Anchor() { next_ = previous_ = this; }
  };
  struct Level {
    std::array<Anchor, kSlots> slots;
  };

  void place(Timer& timer);
  void run_tick();
  std::optional<std::uint64_t> next_tick() const;
  bool occupied(int level, std::uint64_t slot) const;
  static void append(Anchor& anchor, Timer& timer);

  TimePoint start_;
  std::uint64_t now_tick_ = 0;
  std::array<Level, kLevels> levels_;
};

}  // namespace sluice::rpc
