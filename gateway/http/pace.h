// Pace: how many requests of one worker begin in a turn of its loop.
#pragma once

#include <coroutine>
#include <cstddef>

#include "rpc_core/base/fifo.h"
#include "rpc_core/base/loop.h"

namespace sluice::gateway {

// Of hundreds of requests that have come at once some begin, and the others wait, in order, until what these send has
// been written: so the memory that a request works in is still in the processor's cache when its message is written,
// when its answer comes, and when the next request gets it. Nobody is refused; each turn takes up as many again.
//
//   co_await pace.turn();
class Pace final : private rpc::Wakeup {
 public:
  static constexpr std::size_t kMostBegun = 32;

  explicit Pace(rpc::Loop& loop) : loop_(loop) {}

  // A stop does not end the wait, which is short.
  class Turn {
   public:
    explicit Turn(Pace& pace) : pace_(pace) {}
    bool await_ready() const { return pace_.begin_now(); }
    void await_suspend(std::coroutine_handle<> waiter) { pace_.waiting_.push_back(waiter); }
    void await_resume() const noexcept {}

   private:
    Pace& pace_;
  };
  Turn turn() { return Turn(*this); }

 private:
  bool begin_now();
  void on_wakeup() override;

  rpc::Loop& loop_;
  std::size_t begun_ = 0;  // since on_wakeup()
  rpc::Fifo<std::coroutine_handle<>> waiting_;
};

}  // namespace sluice::gateway
