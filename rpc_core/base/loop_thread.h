// LoopThread: a thread that runs a Loop, for programs whose other threads block.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <type_traits>
#include <utility>

#include "rpc_core/base/loop.h"
#include "rpc_core/base/task.h"

namespace sluice::rpc {

// The blocking face of everything asynchronous. Any thread but the loop's own may call run(), several at once.
//
//   LoopThread thread;
//   auto channel = thread.call([&] { return Channel::create(thread.loop(), "127.0.0.1:50051"); });
//   GreeterClient greeter(**channel);
//   Result<HelloReply> reply = thread.run(greeter.say_hello(request, {.timeout = 200ms}));
//   thread.run((*channel)->shut_down());
//   thread.call([&] { (*channel).reset(); });
//
// What hangs on the loop (channels, servers, streams) is made, used and destroyed in call() or by the tasks of run().
class LoopThread {
 public:
  LoopThread();
  // As stop().
  ~LoopThread();
  LoopThread(const LoopThread&) = delete;
  LoopThread& operator=(const LoopThread&) = delete;

  Loop& loop() { return loop_; }

  // Runs the task on the loop and waits: gives its value, or throws what it threw.
  // std::logic_error: called on the loop's own thread (which would wait for itself), or after stop().
  template <class T>
  T run(Task<T> task) {
    Outcome<T> outcome;
    wait_for([&] { return complete(task, outcome); });
    if (outcome.failure) std::rethrow_exception(outcome.failure);
    if constexpr (!std::is_void_v<T>) return *std::move(outcome.value);
  }

  // The same for a function, which must not wait for anything.
  template <class F>
  std::invoke_result_t<F&> call(F function) {
    return run(invoke(function));
  }

  // Asks the tasks of run() to stop, waits until they have ended (their callers get what the tasks give), then ends the
  // thread. Once more does nothing; std::logic_error on the loop's own thread.
  void stop();

 private:
  template <class T>
  struct Outcome {
    std::exception_ptr failure;
    std::optional<T> value;
  };
  template <class T>
  requires std::is_void_v<T>
  struct Outcome<T> {
    std::exception_ptr failure;
  };

  // The task's frame stays with the thread that made it: it is awaited on the loop, and destroyed by that thread.
  template <class T>
  static Task<void> complete(Task<T>& task, Outcome<T>& outcome) {
    try {
      if constexpr (std::is_void_v<T>) {
        co_await std::move(task);
      } else {
        outcome.value.emplace(co_await std::move(task));
      }
    } catch (...) {
      outcome.failure = std::current_exception();
    }
  }
  template <class F>
  static Task<std::invoke_result_t<F&>> invoke(F& function) {
    co_return function();
  }

  // Calls the function on the loop, and waits for the end of the task that it gives.
  void wait_for(std::function<Task<void>()> start);
  void refuse_own_thread(const char* what) const;

  Loop loop_;
  StopSource stop_;  // of the loop's thread
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t running_ = 0;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace sluice::rpc
