// Tests of Loop: order of what is posted, other threads, timers by the test's clock, and a context that the user owns.
#include "rpc_core/base/loop.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/loop_fixture.h"

namespace sluice::rpc {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using testing::LoopFixture;
using testing::RealLoopFixture;
using testing::Started;

class LoopTest : public LoopFixture {};
class RealLoopTest : public RealLoopFixture {};

class Note final : public Wakeup {
 public:
  explicit Note(std::function<void()> woken) : woken_(std::move(woken)) {}

 private:
  void on_wakeup() override { woken_(); }
  std::function<void()> woken_;
};

TEST_F(LoopTest, RunsInTheOrderOfPosting) {
  std::string order;
  Note a([&] { order += 'a'; });
  Note b([&] { order += 'b'; });
  Note c([&] { order += 'c'; });
  loop.post(b);
  loop.post(a);
  loop.post(c);
  loop.post(b);
  EXPECT_TRUE(b.queued());
  EXPECT_EQ(order, "");
  loop.poll();
  EXPECT_EQ(order, "bac");
  EXPECT_FALSE(b.queued());
}

TEST_F(LoopTest, PostLastRunsBehindWhatTheTurnPosts) {
  std::string order;
  Note third([&] { order += '3'; });
  Note second([&] {
    order += '2';
    loop.post(third);
  });
  Note first([&] {
    order += '1';
    loop.post(second);
  });
  Note last([&] { order += 'L'; });
  loop.post_last(last);
  loop.post(first);
  loop.poll();
  EXPECT_EQ(order, "123L");
}

TEST_F(LoopTest, PostLastIsNotStarvedByEndlessPosting) {
  int rounds = 0;
  int rounds_before_last = -1;
  std::optional<Note> busy;
  busy.emplace([&] {
    if (++rounds < 1000) loop.post(*busy);
  });
  Note last([&] { rounds_before_last = rounds; });
  loop.post_last(last);
  loop.post(*busy);
  loop.poll();
  EXPECT_EQ(rounds, 1000);
  EXPECT_GT(rounds_before_last, 0);
  EXPECT_LT(rounds_before_last, 100);
}

TEST_F(LoopTest, AsioHandlersGetTheirTurnAmongEndlessPosting) {
  int rounds = 0;
  int rounds_before_handler = -1;
  std::optional<Note> busy;
  busy.emplace([&] {
    if (++rounds < 1000) loop.post(*busy);
  });
  loop.post(*busy);
  boost::asio::post(loop.context(), [&] { rounds_before_handler = rounds; });
  loop.poll();
  EXPECT_LT(rounds_before_handler, 100);
}

TEST_F(LoopTest, UnqueuedAndDestroyedWakeupsDoNotRun) {
  Note unqueued([] { ADD_FAILURE() << "an unqueued wakeup ran"; });
  std::optional<Note> victim;
  victim.emplace([] { ADD_FAILURE() << "a destroyed wakeup ran"; });
  int ran = 0;
  Note first([&] {
    ++ran;
    victim.reset();
  });
  loop.post(first);
  loop.post(*victim);
  loop.post(unqueued);
  unqueued.unqueue();
  loop.poll();
  EXPECT_EQ(ran, 1);
}

TEST_F(LoopTest, KnowsWhetherItRunsHere) {
  EXPECT_FALSE(loop.running_here());
  bool here = false;
  bool other = true;
  Loop second;
  Note note([&] {
    here = loop.running_here();
    other = second.running_here();
  });
  loop.post(note);
  loop.poll();
  EXPECT_TRUE(here);
  EXPECT_FALSE(other);
  EXPECT_FALSE(loop.running_here());
}

Task<bool> sleeper(Loop& loop, TimePoint when) {
  co_return co_await sleep_until(loop, when);
}

TEST_F(LoopTest, SleepsByTheManualClock) {
  Started<bool> task(sleeper(loop, clock.now() + hours(3)));
  advance(hours(3) - milliseconds(1));
  EXPECT_FALSE(task.done());
  advance(milliseconds(1));
  ASSERT_TRUE(task.done());
  EXPECT_TRUE(task.get());
}

TEST_F(LoopTest, AStopEndsTheSleep) {
  Started<bool> task(sleeper(loop, TimePoint::max()));
  loop.poll();
  task.request_stop();
  EXPECT_FALSE(task.done()) << "resumed in line";
  loop.poll();
  ASSERT_TRUE(task.done());
  EXPECT_FALSE(task.get());
}

TEST_F(LoopTest, AStopBehindTheTimerComesTooLate) {
  Started<bool> task(sleeper(loop, clock.now() + milliseconds(1)));
  Note stopper([&] { task.request_stop(); });
  clock.advance(milliseconds(1));
  loop.post(stopper);
  loop.poll();
  ASSERT_TRUE(task.done());
  EXPECT_TRUE(task.get());
}

Task<bool> sleeper_already_stopped(Loop& loop) {
  StopSource source;
  source.request_stop();
  Task<bool> task = sleeper(loop, TimePoint::max()).with_stop(source.token());
  co_return co_await std::move(task);
}

TEST_F(LoopTest, SleepsNotAtAllWhenAlreadyStopped) {
  EXPECT_FALSE(run(sleeper_already_stopped(loop)));
}

TEST(Clock, DeadlinesDoNotOverflow) {
  const TimePoint now{hours(1)};
  EXPECT_EQ(deadline_after(now, hours(1)), TimePoint{hours(2)});
  EXPECT_EQ(deadline_after(now, Duration::max()), TimePoint::max());
}

TEST_F(RealLoopTest, SleepsByTheRealClock) {
  const TimePoint before = loop.now();
  EXPECT_TRUE(run(sleeper(loop, before + milliseconds(5))));
  EXPECT_GE(loop.now() - before, milliseconds(5));
}

Task<void> sleep_in_turn(Loop& loop, std::vector<int>& order, int ms) {
  co_await sleep_for(loop, milliseconds(ms));
  order.push_back(ms);
}

TEST_F(RealLoopTest, AnEarlierTimerIsArmedAgain) {
  std::vector<int> order;
  Started<void> late(sleep_in_turn(loop, order, 30));
  Started<void> early(sleep_in_turn(loop, order, 3));
  run(sleep_in_turn(loop, order, 45));
  EXPECT_EQ(order, (std::vector{3, 30, 45}));
}

TEST_F(RealLoopTest, RunSoonComesFromAnyThread) {
  std::thread::id ran_on;
  std::thread runner([&] { loop.run(); });
  const std::thread::id runner_id = runner.get_id();
  std::thread caller([&] {
    for (int i = 0; i < 1000; ++i) loop.run_soon([&] { ran_on = std::this_thread::get_id(); });
    loop.run_soon([&] { loop.stop(); });
  });
  caller.join();
  runner.join();
  EXPECT_EQ(ran_on, runner_id);
}

TEST_F(RealLoopTest, RunsAgainAfterAStop) {
  for (int i = 0; i < 3; ++i) {
    loop.run_soon([&] { loop.stop(); });
    loop.run();
  }
  EXPECT_TRUE(run(sleeper(loop, loop.now())));
}

Task<int> stop_and_go_on(Loop& loop) {
  loop.stop();
  co_await Yield(loop);
  co_return 4;
}

TEST_F(RealLoopTest, RunningATaskOutlastsAStop) {
  EXPECT_EQ(run(stop_and_go_on(loop)), 4);
}

TEST(LoopOnUsersContext, RunsWithTheContextAndMayGoAwayFirst) {
  boost::asio::io_context context(1);
  int ran = 0;
  {
    Loop loop(context);
    EXPECT_EQ(&loop.context(), &context);
    Note note([&] { ++ran; });
    loop.post(note);
    context.poll();
    loop.post(note);
  }
  context.restart();
  context.poll();
  EXPECT_EQ(ran, 1);
}

}  // namespace
}  // namespace sluice::rpc
