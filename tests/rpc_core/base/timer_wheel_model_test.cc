// TimerWheel against a multimap that does the same: random schedules, cancels, and jumps over every level.
#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <vector>

#include "rpc_core/base/timer_wheel.h"

namespace sluice::rpc {
namespace {

constexpr TimePoint kStart{std::chrono::hours(1)};

// The wheel and the model side by side. Each timer knows from the model when it is due.
class Comparison {
 public:
  explicit Comparison(unsigned seed) : random_(seed), wheel_(kStart) {
    for (int i = 0; i < 40; ++i) timers_.push_back(std::make_unique<ModelTimer>(*this));
  }

  void run(int steps) {
    for (int i = 0; i < steps && !::testing::Test::HasFatalFailure(); ++i) step();
    for (auto& timer : timers_) cancel(*timer);
    EXPECT_TRUE(due_.empty());
    EXPECT_EQ(wheel_.next_due(), std::nullopt);
  }

 private:
  class ModelTimer final : public Timer {
   public:
    explicit ModelTimer(Comparison& owner) : owner_(owner) {}

   private:
    void on_timer() override { owner_.fired(*this); }
    Comparison& owner_;
  };
  using Due = std::multimap<TimePoint, ModelTimer*>;

  // Any number of bits is as likely as any other, so that each level is met as often.
  Duration random_time(int most_bits) {
    const int bits = static_cast<int>(random_() % most_bits);
    return Duration((random_() & ((std::uint64_t{1} << bits) - 1)) | (std::uint64_t{1} << bits));
  }

  void step() {
    ModelTimer& timer = *timers_[random_() % timers_.size()];
    switch (random_() % 8) {
      case 0:
        return cancel(timer);
      case 1:
      case 2:
        return advance(now_ + random_time(58));
      case 3:
        return advance(due_.empty() ? now_ : std::max(now_, due_.begin()->first));
      default:
        return schedule(timer, now_ + random_time(62));
    }
  }

  void schedule(ModelTimer& timer, TimePoint when) {
    forget(timer);
    wheel_.schedule(timer, when);
    due_.emplace(when, &timer);
  }

  void cancel(ModelTimer& timer) {
    forget(timer);
    timer.cancel();
    EXPECT_FALSE(timer.scheduled());
  }

  void forget(ModelTimer& timer) {
    std::erase_if(due_, [&](const auto& entry) { return entry.second == &timer; });
  }

  void advance(TimePoint to) {
    // Stays far away from the end of the clock.
    if (to - kStart > std::chrono::hours(24 * 365 * 140)) return;
    now_ = to;
    wheel_.advance(now_);
    ASSERT_TRUE(due_.empty() || due_.begin()->first + TimerWheel::kTick > now_) << "a timer is more than a tick late";
    const auto next = wheel_.next_due();
    ASSERT_EQ(next.has_value(), !due_.empty());
    if (next) {
      ASSERT_LE(*next, due_.begin()->first + TimerWheel::kTick);
      ASSERT_GT(*next, now_);
    }
  }

  void fired(ModelTimer& timer) {
    auto entry = due_.begin();
    while (entry != due_.end() && entry->second != &timer) ++entry;
    ASSERT_NE(entry, due_.end()) << "a timer fired that was not scheduled";
    ASSERT_LE(entry->first, now_) << "a timer fired early";
    ASSERT_LT(entry->first, due_.begin()->first + TimerWheel::kTick) << "a timer fired before an earlier one";
    due_.erase(entry);
    change_something();
  }

  // From inside on_timer().
  void change_something() {
    ModelTimer& other = *timers_[random_() % timers_.size()];
    if (random_() % 4 == 0) cancel(other);
    if (random_() % 4 == 0) schedule(other, now_ + random_time(50));
  }

  std::mt19937_64 random_;
  TimePoint now_ = kStart;
  Due due_;
  TimerWheel wheel_;
  std::vector<std::unique_ptr<ModelTimer>> timers_;
};

TEST(TimerWheelModel, AgreesWithAMultimapForEverySeed) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE(seed);
    Comparison(seed).run(500);
    ASSERT_FALSE(HasFailure());
  }
}

}  // namespace
}  // namespace sluice::rpc
