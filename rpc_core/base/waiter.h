// Waiter: one coroutine waits here until something else on its loop has changed.
#pragma once

#include <cassert>
#include <coroutine>
#include <utility>
#include <vector>

#include "rpc_core/base/loop.h"

namespace sluice::rpc {

//   while (queue.empty()) {
//     if (!co_await changed.wait()) co_return;    // a stop was requested
//   }
// At most one coroutine waits at a time. notify() resumes it at the loop's next turn, never in line; without a waiter it
// does nothing, so the condition is checked first, and again after. A Waiter outlives who waits on it.
class Waiter final : private Wakeup, private StopListener {
 public:
  explicit Waiter(Loop& loop) : loop_(&loop) {}
  ~Waiter() { assert(!waiting_ && "a Waiter outlives who waits on it"); }

  bool waiting() const { return static_cast<bool>(waiting_); }
  void notify() {
    if (waiting_) loop_->post(*this);
  }

  class Awaiter {
   public:
    Awaiter(Waiter& waiter, bool stoppable) : waiter_(waiter), stoppable_(stoppable) {}
    bool await_ready() const noexcept { return false; }
    template <TaskPromise Parent>
    bool await_suspend(std::coroutine_handle<Parent> parent) {
      return waiter_.suspend(parent, stoppable_ ? parent.promise().stop_token() : StopToken());
    }
    bool await_resume() const noexcept { return !waiter_.stopped_; }

   private:
    Waiter& waiter_;
    bool stoppable_;
  };
  Awaiter wait() { return Awaiter(*this, true); }
  // Not ended by a stop: for those who wait for somebody else's end.
  Awaiter wait_through_stop() { return Awaiter(*this, false); }

 private:
  bool suspend(std::coroutine_handle<> parent, StopToken token) {
    assert(!waiting_ && "one coroutine waits at a time");
    stopped_ = token.stop_requested();
    if (stopped_) return false;
    waiting_ = parent;
    listen(token);
    return true;
  }
  void on_wakeup() override {
    unlisten();
    std::exchange(waiting_, nullptr).resume();
  }
  void on_stop() override {
    stopped_ = true;
    loop_->post(*this);
  }

  Loop* loop_;
  std::coroutine_handle<> waiting_;
  bool stopped_ = false;
};

// Any number of coroutines wait here, and all of them wake together.
class WaitQueue {
 public:
  explicit WaitQueue(Loop& loop) : loop_(loop) {}
  ~WaitQueue() { assert(waiters_.empty() && "a WaitQueue outlives who waits on it"); }

  // False: a stop was requested.
  Task<bool> wait() {
    Waiter waiter(loop_);
    waiters_.push_back(&waiter);
    const bool notified = co_await waiter.wait();
    std::erase(waiters_, &waiter);
    co_return notified;
  }
  void notify_all() {
    for (Waiter* waiter : waiters_) waiter->notify();
  }
  bool empty() const { return waiters_.empty(); }

 private:
  Loop& loop_;
  std::vector<Waiter*, PoolAllocator<Waiter*>> waiters_;
};

}  // namespace sluice::rpc
