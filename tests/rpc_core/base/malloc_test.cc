// What may not allocate: the steady state of tasks, waits and timers; and what the pool gives back when a thread ends.
#include <thread>
#include <vector>

#include "rpc_core/base/buffer.h"
#include "rpc_core/base/pool.h"
#include "rpc_core/base/task_group.h"
#include "rpc_core/base/waiter.h"
#include "tests/support/count_malloc.h"
#include "tests/support/loop_fixture.h"

namespace sluice::rpc {
namespace {

using std::chrono::milliseconds;
using testing::LoopFixture;
using testing::malloc_count;
using testing::Started;

class MallocTest : public LoopFixture {
 protected:
  void SetUp() override {
    if (!testing::mallocs_are_counted()) GTEST_SKIP() << "the sanitizer has a malloc of its own";
  }
};

Task<int> leaf(Loop& loop, Waiter& waiter) {
  Buffer message(kMessagePrefixBytes, 10'000);
  message.append("message");
  const bool slept = co_await sleep_for(loop, milliseconds(1));
  waiter.notify();
  co_return static_cast<int>(message.size()) + (slept ? 1 : 0);
}

Task<int> middle(Loop& loop, Waiter& waiter) {
  co_return co_await leaf(loop, waiter);
}

Task<void> worker(Loop& loop, Waiter& waiter, bool& ended) {
  bool running = true;
  while (running) {
    running = co_await sleep_until(loop, loop.now() + milliseconds(2));
    const int value = co_await middle(loop, waiter);
    if (value < 7) running = false;
  }
  ended = true;
}

Task<void> one_group(Loop& loop, Waiter& waiter) {
  auto body = [&](TaskGroup& group) -> Task<void> {
    const int value = co_await leaf(loop, waiter);
    if (value > 0) group.request_stop();
  };
  co_await run_in_group(loop, body);
}

Task<void> wait_and_group(Loop& loop, Waiter& waiter, Waiter& own) {
  bool running = true;
  while (running) {
    running = co_await waiter.wait();
    co_await one_group(loop, own);
  }
}

TEST_F(MallocTest, TasksWaitsTimersAndGroupsAllocateNothingOnceWarm) {
  Waiter waiter(loop);
  Waiter unused(loop);
  bool ended = false;
  Started<void> first(worker(loop, waiter, ended));
  Started<void> second(wait_and_group(loop, waiter, unused));
  for (int i = 0; i < 200; ++i) advance(milliseconds(1));
  const auto before = malloc_count();
  for (int i = 0; i < 20'000; ++i) advance(milliseconds(1));
  const auto after = malloc_count();
  EXPECT_EQ(after.allocations - before.allocations, 0u);
  EXPECT_EQ(after.releases - before.releases, 0u);
  first.request_stop();
  second.request_stop();
  for (int i = 0; i < 5; ++i) advance(milliseconds(1));
  EXPECT_TRUE(ended);
}

TEST_F(MallocTest, TheCounterCounts) {
  const auto before = malloc_count();
  int* volatile plain = new int(1);  // volatile: the compiler must not leave the pair out
  delete plain;
  void* aligned = ::operator new(100, std::align_val_t(256));
  ::operator delete(aligned, std::align_val_t(256));
  const auto after = malloc_count();
  EXPECT_EQ(after.allocations - before.allocations, 2u);
  EXPECT_EQ(after.releases - before.releases, 2u);
}

TEST_F(MallocTest, TheRealClocksTimersAllocateNothingOnceWarm) {
  Loop real;
  auto naps = [&](int count) -> Task<void> {
    for (int i = 0; i < count; ++i) co_await sleep_for(real, std::chrono::microseconds(1));
  };
  real.run(naps(20));
  const auto before = malloc_count();
  real.run(naps(50));
  EXPECT_EQ(malloc_count().allocations - before.allocations, 0u);
}

// How many blocks are out after a thread has done something, by whoever did it.
template <class F>
std::int64_t left_by_a_thread(F function) {
  std::thread warm_up([] {});
  warm_up.join();
  const auto before = malloc_count();
  std::thread thread(std::move(function));
  thread.join();
  const auto after = malloc_count();
  return static_cast<std::int64_t>(after.allocations - before.allocations) -
         static_cast<std::int64_t>(after.releases - before.releases);
}

TEST_F(MallocTest, AThreadThatAllocatedLeavesNothing) {
  const auto left = left_by_a_thread([] {
    for (std::size_t bytes = 1; bytes < 5000; bytes += 50) pool_release(pool_allocate(bytes), bytes);
    for (std::size_t bytes = 1; bytes < 70'000; bytes += 3000) Buffer(0, bytes).append("x");
  });
  EXPECT_EQ(left, 0);
}

TEST_F(MallocTest, AThreadThatOnlyReleasedLeavesNothing) {
  std::vector<void*> blocks;
  for (int i = 0; i < 100; ++i) blocks.push_back(pool_allocate(640));
  const auto left = left_by_a_thread([&blocks] {
    for (void* block : blocks) pool_release(block, 640);
  });
  EXPECT_EQ(left, -100);
}

TEST_F(MallocTest, AThreadKeepsAtMostFourMebibytes) {
  std::vector<void*> blocks;
  for (int i = 0; i < 2000; ++i) blocks.push_back(pool_allocate(4096));
  const auto before = malloc_count();
  for (void* block : blocks) pool_release(block, 4096);
  EXPECT_GE(malloc_count().releases - before.releases, 2000 - (4u << 20) / 4096);
}

}  // namespace
}  // namespace sluice::rpc
