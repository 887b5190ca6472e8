// Task<T>: the coroutine type of the project. Lazy, single-threaded, stoppable, with frames from the pool.
#pragma once

#include <cassert>
#include <concepts>
#include <coroutine>
#include <cstddef>
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

#include "rpc_core/base/pool.h"
#include "rpc_core/base/stop.h"

namespace sluice::rpc {

template <class T>
class Task;

// How many frames of this thread are alive; zero once everything is stopped and joined.
inline constinit thread_local std::size_t live_task_frames = 0;

// What every task has: who waits for it and the token that it hands down to whatever it awaits.
class TaskPromiseBase {
 public:
  TaskPromiseBase() { ++live_task_frames; }
  ~TaskPromiseBase() { --live_task_frames; }
  TaskPromiseBase(const TaskPromiseBase&) = delete;
  TaskPromiseBase& operator=(const TaskPromiseBase&) = delete;

  static void* operator new(std::size_t bytes) { return pool_allocate(bytes); }
  static void operator delete(void* frame, std::size_t bytes) noexcept { pool_release(frame, bytes); }

  StopToken stop_token() const { return token_; }

 protected:
  // Ends without a transfer: a child that never suspended returns to its starter, one that did resumes its parent. So
  // stacks stay flat in builds where the compiler makes no tail calls (g++ 12 below -O2, and always under ASan).
  struct FinalAwaiter {
    bool await_ready() const noexcept { return false; }
    template <class Promise>
    void await_suspend(std::coroutine_handle<Promise> self) const noexcept {
      if (std::coroutine_handle<> parent = self.promise().parent_) parent.resume();
    }
    void await_resume() const noexcept {}
  };

 private:
  template <class T>
  friend class Task;

  std::coroutine_handle<> parent_;
  StopToken token_;
  bool own_token_ = false;
};

template <class Promise>
concept TaskPromise = std::derived_from<Promise, TaskPromiseBase>;

namespace detail {

template <class T>
class TaskPromiseOf : public TaskPromiseBase {
 public:
  template <class U = T>
    requires std::constructible_from<T, U&&>
  void return_value(U&& value) {
    value_.emplace(std::forward<U>(value));
  }
  T take() {
    if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
    return *std::move(value_);
  }

 protected:
  std::exception_ptr failure_;

 private:
  std::optional<T> value_;
};

template <>
class TaskPromiseOf<void> : public TaskPromiseBase {
 public:
  void return_void() {}
  void take() {
    if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
  }

 protected:
  std::exception_ptr failure_;
};

}  // namespace detail

// A coroutine that starts when it is awaited and gives T, or throws, when it is done.
//
//   Task<Result<Config>> load(Loop& loop);
//   Result<Config> config = co_await load(loop);
//
// It runs on the thread that awaits it, and only there. It owns its frame: a task that was never awaited just goes away,
// one that is suspended must not be destroyed: stop it and wait for its end. Await it once.
// The stop token goes down from task to task; an operation that is stopped returns its error, it does not throw.
template <class T = void>
class [[nodiscard]] Task {
 public:
  class promise_type : public detail::TaskPromiseOf<T> {
   public:
    Task get_return_object() { return Task(std::coroutine_handle<promise_type>::from_promise(*this)); }
    std::suspend_always initial_suspend() const noexcept { return {}; }
    typename TaskPromiseBase::FinalAwaiter final_suspend() const noexcept { return {}; }
    void unhandled_exception() noexcept { this->failure_ = std::current_exception(); }
  };

  Task(Task&& other) noexcept : frame_(std::exchange(other.frame_, nullptr)) {}
  Task& operator=(Task&& other) noexcept {
    std::swap(frame_, other.frame_);
    return *this;
  }
  ~Task() {
    if (frame_) frame_.destroy();
  }

  // Gives this task, and all it awaits, a token of its own instead of its parent's.
  Task with_stop(StopToken token) && {
    frame_.promise().token_ = token;
    frame_.promise().own_token_ = true;
    return std::move(*this);
  }

  class Awaiter {
   public:
    explicit Awaiter(std::coroutine_handle<promise_type> child) : child_(child) {}
    bool await_ready() const noexcept { return false; }
    template <TaskPromise Parent>
    bool await_suspend(std::coroutine_handle<Parent> parent) {
      promise_type& promise = child_.promise();
      if (!promise.own_token_) promise.token_ = parent.promise().stop_token();
      child_.resume();
      if (child_.done()) return false;
      promise.parent_ = parent;
      return true;
    }
    T await_resume() { return child_.promise().take(); }

   private:
    std::coroutine_handle<promise_type> child_;
  };
  Awaiter operator co_await() && { return Awaiter(frame_); }

 private:
  explicit Task(std::coroutine_handle<promise_type> frame) : frame_(frame) {}

  std::coroutine_handle<promise_type> frame_;
};

// StopToken token = co_await current_stop();
class CurrentStop {
 public:
  bool await_ready() const noexcept { return false; }
  template <TaskPromise Parent>
  bool await_suspend(std::coroutine_handle<Parent> parent) noexcept {
    token_ = parent.promise().stop_token();
    return false;
  }
  StopToken await_resume() const noexcept { return token_; }

 private:
  StopToken token_;
};
inline CurrentStop current_stop() { return CurrentStop(); }

namespace detail {

// A frame that nobody owns: it runs at once and destroys itself at its end.
struct Root {
  struct promise_type : TaskPromiseBase {
    Root get_return_object() const noexcept { return {}; }
    std::suspend_never initial_suspend() const noexcept { return {}; }
    std::suspend_never final_suspend() const noexcept { return {}; }
    void return_void() const noexcept {}
    [[noreturn]] void unhandled_exception() const noexcept { std::terminate(); }
  };
};

template <class Done>
Root run_root(Task<void> task, Done done) {
  std::exception_ptr failure;
  try {
    co_await std::move(task);
  } catch (...) {
    failure = std::current_exception();
  }
  done(failure);
}

template <class T, class Done>
Root run_root(Task<T> task, Done done) {
  std::exception_ptr failure;
  std::optional<T> value;
  try {
    value.emplace(co_await std::move(task));
  } catch (...) {
    failure = std::current_exception();
  }
  done(failure, std::move(value));
}

}  // namespace detail

// Starts a task now, from code that is no coroutine. done(exception_ptr) is called at its end, for a T other than void
// done(exception_ptr, optional<T>); it must not throw. Prefer a TaskGroup, which joins.
template <class T, class Done>
void spawn(Task<T> task, StopToken token, Done done) {
  detail::run_root(std::move(task).with_stop(token), std::move(done));
}

}  // namespace sluice::rpc
