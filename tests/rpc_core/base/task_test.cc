// Tests of Task: values, exceptions, laziness, flat stacks, the stop token's way down, and frames that go away.
#include "rpc_core/base/task.h"

#include <memory>
#include <string>
#include <vector>

#include "rpc_core/base/result.h"
#include "rpc_core/base/waiter.h"
#include "tests/support/loop_fixture.h"

namespace sluice::rpc {
namespace {

using testing::LoopFixture;
using testing::Started;

class TaskTest : public LoopFixture {};

Task<int> number(int value) {
  co_return value;
}
Task<void> nothing() {
  co_return;
}
Task<std::unique_ptr<int>> owned(int value) {
  co_return std::make_unique<int>(value);
}
Task<Result<std::string>> refused() {
  co_return fail(StatusCode::NotFound, "no such thing");
}

Task<int> sum(int terms) {
  int total = 0;
  for (int i = 1; i <= terms; ++i) total += co_await number(i);
  co_return total;
}

TEST_F(TaskTest, GivesItsValue) {
  EXPECT_EQ(run(number(7)), 7);
  EXPECT_EQ(run(sum(100)), 5050);
  EXPECT_EQ(*run(owned(3)), 3);
  EXPECT_EQ(run(refused()).error(), Status(StatusCode::NotFound, "no such thing"));
  run(nothing());
}

Task<std::string> greet(std::string name) {
  co_return "hello " + name;
}

// Short strings live inside their object: a bitwise copy of one would show here.
Task<std::string> greet_two() {
  const std::string both = co_await greet("a") + " and " + co_await greet("b");
  co_return both;
}

TEST_F(TaskTest, PassesShortStringsThrough) {
  EXPECT_EQ(run(greet_two()), "hello a and hello b");
}

Task<int> noting(bool& started) {
  started = true;
  co_return 1;
}

TEST_F(TaskTest, StartsOnlyWhenAwaited) {
  bool started = false;
  {
    Task<int> task = noting(started);
    EXPECT_EQ(live_task_frames, 1u);
  }
  EXPECT_FALSE(started);
  EXPECT_EQ(live_task_frames, 0u);
}

TEST_F(TaskTest, MovingHandsTheFrameOver) {
  bool started = false;
  Task<int> first = noting(started);
  Task<int> second(std::move(first));
  first = number(2);
  EXPECT_EQ(run(std::move(first)), 2);
  EXPECT_EQ(run(std::move(second)), 1);
  EXPECT_TRUE(started);
}

Task<int> thrower(Waiter* waiter) {
  if (waiter != nullptr) co_await waiter->wait();
  throw std::out_of_range("too far");
}

Task<int> level(int depth, Waiter* waiter, int& unwound) {
  struct Unwinding {
    int& count;
    explicit Unwinding(int& counter) : count(counter) {}
    ~Unwinding() { ++count; }
  } unwinding(unwound);
  const int value = depth == 0 ? 0 : depth;
  if (value != 0) co_return co_await level(depth - 1, waiter, unwound);
  co_return co_await thrower(waiter);
}

TEST_F(TaskTest, ExceptionsGoThroughEveryLevel) {
  int unwound = 0;
  EXPECT_THROW(run(level(20, nullptr, unwound)), std::out_of_range);
  EXPECT_EQ(unwound, 21);
}

TEST_F(TaskTest, ExceptionsGoThroughEveryLevelAfterAWait) {
  int unwound = 0;
  Waiter waiter(loop);
  Started<int> task(level(20, &waiter, unwound));
  EXPECT_EQ(unwound, 0);
  waiter.notify();
  loop.poll();
  EXPECT_THROW(task.get(), std::out_of_range);
  EXPECT_EQ(unwound, 21);
}

Task<std::string> caught() {
  std::string text;
  try {
    co_await thrower(nullptr);
  } catch (const std::out_of_range& error) {
    text = error.what();
  }
  co_return text;
}

TEST_F(TaskTest, ExceptionsCanBeCaughtOnTheWay) {
  EXPECT_EQ(run(caught()), "too far");
}

[[gnu::noinline]] std::uintptr_t stack_position() {
  return reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
}

struct StackRange {
  std::uintptr_t lowest = UINTPTR_MAX;
  std::uintptr_t highest = 0;
  void note() {
    lowest = std::min(lowest, stack_position());
    highest = std::max(highest, stack_position());
  }
  std::size_t bytes() const { return highest - lowest; }
};

Task<int> one_noting(StackRange& range) {
  range.note();
  co_return 1;
}

Task<int> count_to(int count, StackRange& range) {
  int total = 0;
  while (total < count) total += co_await one_noting(range);
  co_return total;
}

TEST_F(TaskTest, AMillionImmediateAwaitsLeaveTheStackFlat) {
  StackRange range;
  EXPECT_EQ(run(count_to(1'000'000, range)), 1'000'000);
  EXPECT_LT(range.bytes(), 1024u);
}

Task<int> count_yields(Loop& loop, int count, StackRange& range) {
  int total = 0;
  for (; total < count; ++total) {
    co_await Yield(loop);
    range.note();
  }
  co_return total;
}

TEST_F(TaskTest, ManySuspensionsLeaveTheStackFlat) {
  StackRange range;
  EXPECT_EQ(run(count_yields(loop, 100'000, range)), 100'000);
  EXPECT_LT(range.bytes(), 1024u);
}

Task<bool> sees_stop() {
  const StopToken token = co_await current_stop();
  co_return token.stop_requested();
}
Task<bool> child_sees_stop() {
  co_return co_await sees_stop();
}
Task<bool> child_with(StopToken token) {
  Task<bool> child = child_sees_stop().with_stop(token);
  co_return co_await std::move(child);
}

TEST_F(TaskTest, TheStopTokenGoesDown) {
  StopSource stopped;
  StopSource running;
  stopped.request_stop();
  EXPECT_TRUE(run(child_with(stopped.token())));
  EXPECT_FALSE(run(child_with(running.token())));
  EXPECT_FALSE(run(child_with(StopToken())));
}

Task<std::vector<bool>> overridden_child(StopToken token) {
  std::vector<bool> seen;
  seen.push_back(co_await child_with(token));
  seen.push_back(co_await sees_stop());
  co_return seen;
}

TEST_F(TaskTest, WithStopOverridesTheParentsToken) {
  StopSource never;
  StopSource parent;
  parent.request_stop();
  std::vector<bool> seen;
  spawn(overridden_child(never.token()), parent.token(),
        [&](std::exception_ptr, std::optional<std::vector<bool>> value) { seen = *value; });
  EXPECT_EQ(seen, (std::vector{false, true}));
}

TEST_F(TaskTest, SpawnReportsValueOrFailureOnce) {
  int ends = 0;
  spawn(number(5), StopToken(), [&](std::exception_ptr failure, std::optional<int> value) {
    ++ends;
    EXPECT_FALSE(failure);
    EXPECT_EQ(value, 5);
  });
  spawn(thrower(nullptr), StopToken(), [&](std::exception_ptr failure, std::optional<int> value) {
    ++ends;
    EXPECT_TRUE(failure);
    EXPECT_EQ(value, std::nullopt);
  });
  spawn(nothing(), StopToken(), [&](std::exception_ptr failure) {
    ++ends;
    EXPECT_FALSE(failure);
  });
  EXPECT_EQ(ends, 3);
}

TEST_F(TaskTest, FramesLiveUntilTheTaskEnds) {
  Waiter waiter(loop);
  int unwound = 0;
  {
    Started<int> task(level(3, &waiter, unwound));
    EXPECT_EQ(live_task_frames, 6u) << "the root, four levels and the leaf";
    task.request_stop();
    loop.poll();
    EXPECT_TRUE(task.done());
  }
  EXPECT_EQ(live_task_frames, 0u);
}

}  // namespace
}  // namespace sluice::rpc
