// Fixtures for tests of coroutines: a loop, ways to drive it, and the check that no frame is left at the end.
#pragma once

#include <gtest/gtest.h>

#include <exception>
#include <optional>
#include <stdexcept>
#include <type_traits>
#include <utility>
#include <variant>

#include "rpc_core/base/clock.h"
#include "rpc_core/base/loop.h"
#include "rpc_core/base/stop.h"
#include "rpc_core/base/task.h"

namespace sluice::rpc::testing {

// A task that runs beside the test's own code. It is over before this object goes away, or the test has failed.
//
//   Started<bool> reader(read_all(stream));
//   loop.poll();
//   EXPECT_TRUE(reader.done());
template <class T>
class Started {
 public:
  using Value = std::conditional_t<std::is_void_v<T>, std::monostate, T>;

  explicit Started(Task<T> task) {
    if constexpr (std::is_void_v<T>) {
      spawn(std::move(task), stop_.token(), [this](std::exception_ptr failure) { finish(failure, Value()); });
    } else {
      spawn(std::move(task), stop_.token(),
            [this](std::exception_ptr failure, std::optional<T> value) { finish(failure, std::move(value)); });
    }
  }
  Started(const Started&) = delete;
  Started& operator=(const Started&) = delete;
  ~Started() { EXPECT_EQ(ends_, 1) << "ends of a task that this test started"; }

  bool done() const { return ends_ != 0; }
  void request_stop() { stop_.request_stop(); }

  // Its value, or what it threw; only when it is done.
  T get() {
    if (!done()) throw std::logic_error("get() of a task that is not done");
    if (failure_) std::rethrow_exception(failure_);
    if constexpr (!std::is_void_v<T>) return *std::move(value_);
  }

 private:
  void finish(std::exception_ptr failure, std::optional<Value> value) {
    ++ends_;
    failure_ = failure;
    value_ = std::move(value);
  }

  StopSource stop_;
  std::exception_ptr failure_;
  std::optional<Value> value_;
  int ends_ = 0;
};

// A thread's frames are all gone when a test ends.
class FrameFixture : public ::testing::Test {
 protected:
  void TearDown() override { EXPECT_EQ(live_task_frames, 0u) << "frames of tasks that nobody stopped and awaited"; }
};

// On a clock that the test drives; no call blocks, so a task that nothing will ever resume fails its test at once.
class LoopFixture : public FrameFixture {
 protected:
  // Everything that is ready, and then everything that is ready that much later.
  void advance(Duration by) {
    loop.poll();
    clock.advance(by);
    loop.poll();
  }

  // Polls until the task is done; time stands still.
  template <class T>
  T run(Task<T> task) {
    Started<T> started(std::move(task));
    loop.poll();
    return started.get();
  }

  ManualClock clock;
  Loop loop{clock};
};

// On the real clock: for tests with sockets or threads, which wait for the operating system.
class RealLoopFixture : public FrameFixture {
 protected:
  template <class T>
  T run(Task<T> task) {
    return loop.run(std::move(task));
  }

  Loop loop;
};

}  // namespace sluice::rpc::testing
