// Tests of TimerWheel: order, rounding, all levels, changes while it fires, and a model that it is compared with.
#include "rpc_core/base/timer_wheel.h"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace sluice::rpc {
namespace {

using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

constexpr TimePoint kStart{hours(1)};

class TestTimer final : public Timer {
 public:
  TestTimer() = default;
  explicit TestTimer(std::function<void()> fired) : fired_(std::move(fired)) {}
  int times = 0;

 private:
  void on_timer() override {
    ++times;
    if (fired_) fired_();
  }
  std::function<void()> fired_;
};

TEST(TimerWheel, IsIdleWithoutTimers) {
  TimerWheel wheel(kStart);
  EXPECT_EQ(wheel.next_due(), std::nullopt);
  wheel.advance(kStart + hours(24 * 365 * 100));
  EXPECT_EQ(wheel.next_due(), std::nullopt);
}

TEST(TimerWheel, RoundsUpToATick) {
  TimerWheel wheel(kStart);
  TestTimer timer;
  wheel.schedule(timer, kStart + microseconds(1500));
  wheel.advance(kStart + microseconds(1999));
  EXPECT_EQ(timer.times, 0);
  EXPECT_TRUE(timer.scheduled());
  wheel.advance(kStart + milliseconds(2));
  EXPECT_EQ(timer.times, 1);
  EXPECT_FALSE(timer.scheduled());
}

TEST(TimerWheel, FiresAPassedTimeAtTheNextTick) {
  for (const TimePoint when : {kStart - hours(1), kStart, TimePoint::min()}) {
    TimerWheel wheel(kStart);
    TestTimer timer;
    wheel.schedule(timer, when);
    wheel.advance(kStart);
    EXPECT_EQ(timer.times, 0);
    wheel.advance(kStart + TimerWheel::kTick);
    EXPECT_EQ(timer.times, 1);
  }
}

// From one tick to more than the clock can count, around each border between two levels.
TEST(TimerWheel, FiresAtEachLevelNeitherEarlyNorLate) {
  for (int bit = 0; bit < 43; ++bit) {
    for (const std::int64_t offset : {-1, 0, 1}) {
      const TimePoint when = kStart + ((std::int64_t{1} << bit) + offset) * TimerWheel::kTick;
      TimerWheel wheel(kStart);
      TestTimer timer;
      wheel.schedule(timer, when);
      ASSERT_LE(*wheel.next_due(), std::max(when, kStart + TimerWheel::kTick));
      wheel.advance(when - nanoseconds(1));
      ASSERT_EQ(timer.times, 0) << "2^" << bit << " ticks and " << offset;
      wheel.advance(std::max(when, kStart + TimerWheel::kTick));
      ASSERT_EQ(timer.times, 1) << "2^" << bit << " ticks and " << offset;
    }
  }
}

TEST(TimerWheel, TheEndOfTimeIsNotEarly) {
  TimerWheel wheel(kStart);
  TestTimer timer;
  wheel.schedule(timer, TimePoint::max());
  wheel.advance(TimePoint::max() - hours(24));
  EXPECT_EQ(timer.times, 0);
  EXPECT_TRUE(timer.scheduled());
}

TEST(TimerWheel, FiresInOrderOfTicks) {
  TimerWheel wheel(kStart);
  std::vector<int> fired;
  std::vector<std::unique_ptr<TestTimer>> timers;
  for (const int ms : {5000, 70, 3, 64, 5000, 63, 4096, 65}) {
    timers.push_back(std::make_unique<TestTimer>([&fired, ms] { fired.push_back(ms); }));
    wheel.schedule(*timers.back(), kStart + milliseconds(ms));
  }
  wheel.advance(kStart + hours(1));
  EXPECT_EQ(fired, (std::vector{3, 63, 64, 65, 70, 4096, 5000, 5000}));
}

TEST(TimerWheel, ForgetsCancelledAndDestroyedTimers) {
  TimerWheel wheel(kStart);
  TestTimer cancelled;
  wheel.schedule(cancelled, kStart + milliseconds(1));
  cancelled.cancel();
  cancelled.cancel();
  {
    TestTimer destroyed([] { ADD_FAILURE() << "a destroyed timer fired"; });
    wheel.schedule(destroyed, kStart + milliseconds(1));
  }
  EXPECT_EQ(wheel.next_due(), std::nullopt);
  wheel.advance(kStart + hours(1));
  EXPECT_EQ(cancelled.times, 0);
}

TEST(TimerWheel, MayGoAwayBeforeItsTimers) {
  TestTimer timer;
  {
    TimerWheel wheel(kStart);
    wheel.schedule(timer, kStart + hours(1));
  }
  EXPECT_FALSE(timer.scheduled());
}

TEST(TimerWheel, ReschedulingReplacesTheTime) {
  TimerWheel wheel(kStart);
  TestTimer timer;
  wheel.schedule(timer, kStart + milliseconds(1));
  wheel.schedule(timer, kStart + hours(1));
  wheel.advance(kStart + hours(1) - milliseconds(1));
  EXPECT_EQ(timer.times, 0);
  wheel.advance(kStart + hours(1));
  EXPECT_EQ(timer.times, 1);
}

TEST(TimerWheel, ATimerMayScheduleItselfAgain) {
  TimerWheel wheel(kStart);
  TimePoint next = kStart;
  std::optional<TestTimer> timer;
  timer.emplace([&] { wheel.schedule(*timer, next += milliseconds(10)); });
  wheel.schedule(*timer, next += milliseconds(10));
  wheel.advance(kStart + milliseconds(1005));
  EXPECT_EQ(timer->times, 100);
  EXPECT_EQ(wheel.next_due(), kStart + milliseconds(1010));
}

TEST(TimerWheel, ATimerMayCancelAndDestroyOthersOfItsTick) {
  TimerWheel wheel(kStart);
  TestTimer cancelled;
  std::optional<TestTimer> destroyed;
  TestTimer first([&] {
    cancelled.cancel();
    destroyed.reset();
  });
  wheel.schedule(first, kStart + milliseconds(4));
  wheel.schedule(cancelled, kStart + milliseconds(4));
  destroyed.emplace();
  wheel.schedule(*destroyed, kStart + milliseconds(4));
  wheel.advance(kStart + milliseconds(4));
  EXPECT_EQ(first.times, 1);
  EXPECT_EQ(cancelled.times, 0);
}

TEST(TimerWheel, ATimerMayDestroyItself) {
  TimerWheel wheel(kStart);
  std::optional<TestTimer> timer;
  bool fired = false;
  timer.emplace([&] { fired = true; });
  auto owner = std::make_unique<TestTimer>();
  TestTimer killer([&] { owner.reset(); });
  wheel.schedule(*timer, kStart + milliseconds(1));
  wheel.schedule(killer, kStart + milliseconds(1));
  wheel.schedule(*owner, kStart + milliseconds(1));
  wheel.advance(kStart + milliseconds(1));
  EXPECT_TRUE(fired);
  EXPECT_EQ(owner, nullptr);
}

}  // namespace
}  // namespace sluice::rpc
