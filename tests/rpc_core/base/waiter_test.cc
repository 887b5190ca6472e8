// Tests of Waiter: notifications, stops, their races, and waiting through a stop.
#include "rpc_core/base/waiter.h"

#include <vector>

#include "tests/support/loop_fixture.h"

namespace sluice::rpc {
namespace {

using testing::LoopFixture;
using testing::Started;

class WaiterTest : public LoopFixture {
 protected:
  Waiter waiter{loop};
};

Task<bool> wait_once(Waiter& waiter) {
  co_return co_await waiter.wait();
}
Task<bool> wait_through(Waiter& waiter) {
  co_return co_await waiter.wait_through_stop();
}

TEST_F(WaiterTest, ResumesOnNotifyButNotInLine) {
  Started<bool> task(wait_once(waiter));
  EXPECT_TRUE(waiter.waiting());
  loop.poll();
  EXPECT_FALSE(task.done());
  waiter.notify();
  waiter.notify();
  EXPECT_FALSE(task.done());
  loop.poll();
  ASSERT_TRUE(task.done());
  EXPECT_TRUE(task.get());
  EXPECT_FALSE(waiter.waiting());
}

TEST_F(WaiterTest, NotifyWithoutAWaiterIsForgotten) {
  waiter.notify();
  Started<bool> task(wait_once(waiter));
  loop.poll();
  EXPECT_FALSE(task.done());
  waiter.notify();
  loop.poll();
}

TEST_F(WaiterTest, AStopEndsTheWait) {
  Started<bool> task(wait_once(waiter));
  task.request_stop();
  EXPECT_FALSE(task.done());
  loop.poll();
  ASSERT_TRUE(task.done());
  EXPECT_FALSE(task.get());
}

TEST_F(WaiterTest, AStopWinsOverANotifyOfTheSameTurn) {
  Started<bool> task(wait_once(waiter));
  waiter.notify();
  task.request_stop();
  loop.poll();
  EXPECT_FALSE(task.get());
}

Task<bool> stop_then_wait(Waiter& waiter, StopSource& source) {
  source.request_stop();
  co_return co_await waiter.wait();
}

TEST_F(WaiterTest, DoesNotWaitWhenAlreadyStopped) {
  StopSource source;
  bool value = true;
  spawn(stop_then_wait(waiter, source), source.token(),
        [&](std::exception_ptr, std::optional<bool> given) { value = *given; });
  EXPECT_FALSE(value);
}

TEST_F(WaiterTest, WaitingThroughAStopEndsByNotifyOnly) {
  Started<bool> task(wait_through(waiter));
  task.request_stop();
  loop.poll();
  EXPECT_FALSE(task.done());
  waiter.notify();
  loop.poll();
  ASSERT_TRUE(task.done());
  EXPECT_TRUE(task.get());
}

Task<int> count_notifications(Waiter& waiter) {
  int count = 0;
  while (co_await waiter.wait()) ++count;
  co_return count;
}

TEST_F(WaiterTest, MayBeWaitedOnAgainAndAgain) {
  Started<int> task(count_notifications(waiter));
  for (int i = 0; i < 1000; ++i) {
    waiter.notify();
    loop.poll();
  }
  task.request_stop();
  loop.poll();
  EXPECT_EQ(task.get(), 1000);
}

Task<void> produce(std::vector<int>& queue, int count, Waiter& filled, Waiter& emptied) {
  for (int i = 0; i < count; ++i) {
    while (!queue.empty()) co_await emptied.wait();
    queue.push_back(i);
    filled.notify();
  }
}

Task<int> consume(std::vector<int>& queue, int count, Waiter& filled, Waiter& emptied) {
  int total = 0;
  for (int i = 0; i < count; ++i) {
    while (queue.empty()) co_await filled.wait();
    total += queue.back();
    queue.pop_back();
    emptied.notify();
  }
  co_return total;
}

TEST_F(WaiterTest, TwoTasksHandOverToEachOtherWithAFlatStack) {
  constexpr int kCount = 50'000;
  std::vector<int> queue;
  Waiter emptied(loop);
  Started<void> producer(produce(queue, kCount, waiter, emptied));
  Started<int> consumer(consume(queue, kCount, waiter, emptied));
  loop.poll();
  ASSERT_TRUE(producer.done());
  EXPECT_EQ(consumer.get(), (kCount - 1) * (kCount / 2));
}

}  // namespace
}  // namespace sluice::rpc
