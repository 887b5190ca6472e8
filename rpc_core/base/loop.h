// Loop: what one thread's asynchronous work hangs on: the event loop, its timers, and the queue of what to resume next.
#pragma once

#include <coroutine>
#include <functional>
#include <memory>
#include <optional>

#include "rpc_core/base/clock.h"
#include "rpc_core/base/task.h"
#include "rpc_core/base/timer_wheel.h"

namespace boost::asio {
class io_context;
}

namespace sluice::rpc {

// Something to run at the loop's next turn; owned by whoever posts it, and destroying it takes it out of the queue.
// Posting it again before it ran is the same as posting it once.
class Wakeup {
 public:
  Wakeup() = default;
  Wakeup(const Wakeup&) = delete;
  Wakeup& operator=(const Wakeup&) = delete;

  bool queued() const { return next_ != nullptr; }
  void unqueue();

 protected:
  ~Wakeup() { unqueue(); }
  virtual void on_wakeup() {}

 private:
  friend class Loop;
  Wakeup* next_ = nullptr;
  Wakeup* previous_ = nullptr;
};

// One thread runs a loop; all that belongs to it is touched on that thread only, except run_soon().
// It runs on an io_context of its own, or on one that the user owns and runs with one thread.
// Before a Loop goes away, every task on it has ended.
class Loop {
 public:
  Loop();
  explicit Loop(boost::asio::io_context& context);
  // For tests: timers fire in poll(), by the clock's time.
  explicit Loop(const Clock& clock);
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  boost::asio::io_context& context();
  TimePoint now() const;

  // Runs a Wakeup at the next turn, or, with post_last, behind everything else of that turn: this is where a connection
  // writes, once, all that the turn has produced.
  void post(Wakeup& wakeup);
  void post_last(Wakeup& wakeup);

  void schedule(Timer& timer, TimePoint when);
  // When a timer may fire, at the earliest; nothing: none is scheduled.
  std::optional<TimePoint> next_timer() const;

  // From any thread: calls the function on the loop's thread, soon.
  void run_soon(std::function<void()> function);

  // Runs until stop(); or what is ready now, timers included: for tests and for programs that have a loop of their own.
  void run();
  void stop();
  std::size_t poll();

  // Runs the loop until the task is done, also through a stop(), and gives its value or throws what it threw.
  template <class T>
  T run(Task<T> task);

  // Whether the calling thread is inside this loop's run() or poll().
  bool running_here() const;

  struct Impl;

 private:
  explicit Loop(std::unique_ptr<Impl> impl);
  void run_until(const bool& done);

  std::unique_ptr<Impl> impl_;
};

// if (!co_await sleep_until(loop, when)) …   False: a stop was requested first.
class SleepUntil final : private Timer, private Wakeup, private StopListener {
 public:
  SleepUntil(Loop& loop, TimePoint when) : loop_(loop), when_(when) {}

  bool await_ready() const noexcept { return false; }
  template <TaskPromise Parent>
  bool await_suspend(std::coroutine_handle<Parent> parent) {
    waiter_ = parent;
    return start(parent.promise().stop_token());
  }
  bool await_resume() const noexcept { return elapsed_; }

 private:
  bool start(StopToken token);
  void on_timer() override;
  void on_stop() override;
  void on_wakeup() override { waiter_.resume(); }

  Loop& loop_;
  TimePoint when_;
  std::coroutine_handle<> waiter_;
  bool elapsed_ = false;
};
inline SleepUntil sleep_until(Loop& loop, TimePoint when) { return SleepUntil(loop, when); }
inline SleepUntil sleep_for(Loop& loop, Duration time) { return SleepUntil(loop, deadline_after(loop.now(), time)); }

// Lets everything else that is ready run first.
class Yield final : private Wakeup {
 public:
  explicit Yield(Loop& loop) : loop_(loop) {}
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> parent) {
    waiter_ = parent;
    loop_.post(*this);
  }
  void await_resume() const noexcept {}

 private:
  void on_wakeup() override { waiter_.resume(); }
  Loop& loop_;
  std::coroutine_handle<> waiter_;
};

template <class T>
T Loop::run(Task<T> task) {
  bool done = false;
  std::exception_ptr failure;
  if constexpr (std::is_void_v<T>) {
    spawn(std::move(task), StopToken(), [&](std::exception_ptr thrown) {
      failure = thrown;
      done = true;
    });
    run_until(done);
    if (failure) std::rethrow_exception(failure);
  } else {
    std::optional<T> value;
    spawn(std::move(task), StopToken(), [&](std::exception_ptr thrown, std::optional<T> given) {
      failure = thrown;
      value = std::move(given);
      done = true;
    });
    run_until(done);
    if (failure) std::rethrow_exception(failure);
    return *std::move(value);
  }
}

}  // namespace sluice::rpc
