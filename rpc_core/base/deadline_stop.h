// DeadlineStop: a stop source that a clock, too, can ask to stop.
#pragma once

#include "rpc_core/base/loop.h"
#include "rpc_core/base/stop.h"

namespace sluice::rpc {

//   DeadlineStop stop(loop, when, co_await current_stop());
//   auto result = co_await connect(loop).with_stop(stop.token());
//   if (stop.expired()) …
class DeadlineStop final : private Timer {
 public:
  explicit DeadlineStop(StopToken parent) : stop_(parent) {}
  DeadlineStop(Loop& loop, TimePoint when, StopToken parent) : DeadlineStop(parent) { set(loop, when); }

  void set(Loop& loop, TimePoint when) { loop.schedule(*this, when); }
  StopToken token() { return stop_.token(); }
  void request_stop() { stop_.request_stop(); }
  bool stop_requested() const { return stop_.stop_requested(); }
  // The time came before anything else stopped it.
  bool expired() const { return expired_; }

 private:
  void on_timer() override {
    if (stop_.stop_requested()) return;
    expired_ = true;
    stop_.request_stop();
  }

  bool expired_ = false;
  StopSource stop_;
};

}  // namespace sluice::rpc
