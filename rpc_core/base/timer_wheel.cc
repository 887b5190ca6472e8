#include "rpc_core/base/timer_wheel.h"

#include <algorithm>
#include <bit>

namespace sluice::rpc {

void Timer::cancel() {
  if (next_ == nullptr) return;
  next_->previous_ = previous_;
  previous_->next_ = next_;
  next_ = previous_ = nullptr;
}

TimerWheel::TimerWheel(TimePoint start) : start_(start) {}

TimerWheel::~TimerWheel() {
  for (Level& level : levels_) {
    for (Anchor& anchor : level.slots) {
      while (anchor.next_ != &anchor) anchor.next_->cancel();
    }
  }
}

void TimerWheel::schedule(Timer& timer, TimePoint when) {
  timer.cancel();
  const Duration ahead = std::max(when, start_) - start_;
  const std::uint64_t tick = static_cast<std::uint64_t>(ahead / kTick) + (ahead % kTick != Duration::zero() ? 1 : 0);
  timer.tick_ = std::max(tick, now_tick_ + 1);
  place(timer);
}

// A timer stands at the level of the highest 6-bit digit in which its tick differs from now, in the slot of that digit.
// When the wheel reaches the slot's first tick, its timers move down, until level 0 fires them.
void TimerWheel::place(Timer& timer) {
  const std::uint64_t difference = timer.tick_ ^ now_tick_;
  const int level = difference == 0 ? 0 : (std::bit_width(difference) - 1) / kSlotBits;
  append(levels_[level].slots[(timer.tick_ >> (level * kSlotBits)) % kSlots], timer);
}

void TimerWheel::append(Anchor& anchor, Timer& timer) {
  timer.previous_ = anchor.previous_;
  timer.next_ = &anchor;
  anchor.previous_->next_ = &timer;
  anchor.previous_ = &timer;
}

void TimerWheel::advance(TimePoint now) {
  const auto target = static_cast<std::uint64_t>((std::max(now, start_) - start_) / kTick);
  for (auto tick = next_tick(); tick && *tick <= target; tick = next_tick()) {
    now_tick_ = *tick;
    run_tick();
  }
  now_tick_ = std::max(now_tick_, target);
}

// Moves down, from the top level, the slots that begin at this tick; then fires the tick's own slot.
void TimerWheel::run_tick() {
  for (int level = kLevels - 1; level > 0; --level) {
    const int shift = level * kSlotBits;
    if (now_tick_ % (std::uint64_t{1} << shift) != 0) continue;
    Anchor& anchor = levels_[level].slots[(now_tick_ >> shift) % kSlots];
    while (anchor.next_ != &anchor) {
      Timer& timer = *anchor.next_;
      timer.cancel();
      place(timer);
    }
  }
  Anchor& due = levels_[0].slots[now_tick_ % kSlots];
  while (due.next_ != &due) {
    Timer& timer = *due.next_;
    timer.cancel();
    timer.on_timer();
  }
}

bool TimerWheel::occupied(int level, std::uint64_t slot) const {
  const Anchor& anchor = levels_[level].slots[slot];
  return anchor.next_ != &anchor;
}

// The first tick after now at which a slot begins that holds timers. A level's slots ahead of now's digit are in order,
// and all of them come before any slot of the levels above.
std::optional<std::uint64_t> TimerWheel::next_tick() const {
  for (int level = 0; level < kLevels; ++level) {
    const int shift = level * kSlotBits;
    const std::uint64_t digit = (now_tick_ >> shift) % kSlots;
    for (std::uint64_t slot = digit + 1; slot < kSlots; ++slot) {
      if (!occupied(level, slot)) continue;
      const std::uint64_t above = (now_tick_ >> shift) - digit;
      return (above + slot) << shift;
    }
  }
  return std::nullopt;
}

std::optional<TimePoint> TimerWheel::next_due() const {
  const auto tick = next_tick();
  if (!tick) return std::nullopt;
  return start_ + static_cast<std::int64_t>(*tick) * kTick;
}

}  // namespace sluice::rpc
