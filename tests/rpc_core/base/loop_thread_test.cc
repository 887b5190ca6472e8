// Tests of the blocking face: values and failures across threads, refusal on the loop, and the end.
#include "rpc_core/base/loop_thread.h"

#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace sluice::rpc {
namespace {

using namespace std::chrono_literals;

Task<std::string> text_after(Loop& loop, std::string text) {
  const bool elapsed = co_await sleep_for(loop, 1ms);
  co_return elapsed ? text : "stopped";
}

// Says that it runs, then waits until it is stopped.
Task<std::string> wait_for_stop(Loop& loop, std::promise<void>& running) {
  running.set_value();
  const bool elapsed = co_await sleep_for(loop, 1h);
  co_return elapsed ? "elapsed" : "stopped";
}

Task<void> fail_with(std::string what) {
  throw std::runtime_error(what);
  co_return;
}

Task<std::unique_ptr<int>> move_only() {
  co_return std::make_unique<int>(7);
}

class Blocking : public ::testing::Test {
 protected:
  void TearDown() override { EXPECT_EQ(live_task_frames, 0u) << "frames of this thread"; }

  std::size_t frames_of_loop() {
    return thread.call([] { return live_task_frames; });
  }

  LoopThread thread;
};

TEST_F(Blocking, GivesTheValue) {
  EXPECT_EQ(thread.run(text_after(thread.loop(), "x")), "x");
  EXPECT_EQ(*thread.run(move_only()), 7);
}

TEST_F(Blocking, RunsOnTheLoopsThread) {
  EXPECT_FALSE(thread.loop().running_here());
  EXPECT_TRUE(thread.call([&] { return thread.loop().running_here(); }));
  EXPECT_NE(thread.call([] { return std::this_thread::get_id(); }), std::this_thread::get_id());
}

TEST_F(Blocking, ThrowsWhatTheTaskThrows) {
  EXPECT_THROW(thread.run(fail_with("x")), std::runtime_error);
  EXPECT_THROW(thread.call([] { throw std::out_of_range("y"); }), std::out_of_range);
}

TEST_F(Blocking, LeavesNoFrameBehindOnTheLoop) {
  const std::size_t before = frames_of_loop();
  thread.run(text_after(thread.loop(), "x"));
  EXPECT_EQ(frames_of_loop(), before);
}

TEST_F(Blocking, ServesManyThreads) {
  std::vector<std::future<std::string>> answers;
  for (int i = 0; i < 8; ++i) {
    answers.push_back(std::async(std::launch::async, [this, i] {
      std::string all;
      for (int k = 0; k < 20; ++k) all += thread.run(text_after(thread.loop(), std::to_string(i)));
      return all;
    }));
  }
  for (int i = 0; i < 8; ++i) EXPECT_EQ(answers[i].get(), std::string(20, static_cast<char>('0' + i)));
}

TEST_F(Blocking, RefusesToWaitForItself) {
  const auto inside = [&] { thread.run(text_after(thread.loop(), "x")); };
  try {
    thread.call(inside);
    FAIL() << "it waited";
  } catch (const std::logic_error& error) {
    EXPECT_STREQ(
        error.what(),
        "LoopThread::run() was called on the loop's own thread, which would wait for itself: co_await instead");
  }
  EXPECT_THROW(thread.call([&] { thread.stop(); }), std::logic_error);
  EXPECT_EQ(thread.run(text_after(thread.loop(), "still works")), "still works");
}

TEST_F(Blocking, StopEndsWhatRuns) {
  std::promise<void> running;
  auto answer = std::async(std::launch::async, [&] { return thread.run(wait_for_stop(thread.loop(), running)); });
  running.get_future().wait();
  thread.stop();
  EXPECT_EQ(answer.get(), "stopped");
}

TEST_F(Blocking, RefusesToRunAfterStop) {
  thread.stop();
  thread.stop();
  EXPECT_THROW(thread.run(text_after(thread.loop(), "x")), std::logic_error);
}

TEST(BlockingEnd, AThreadThatNeverRanATaskEnds) {
  LoopThread();
}

}  // namespace
}  // namespace sluice::rpc
