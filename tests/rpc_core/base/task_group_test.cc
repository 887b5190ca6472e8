// Tests of TaskGroup and run_in_group: joining, the first exception, and stops from inside and outside.
#include "rpc_core/base/task_group.h"

#include <stdexcept>
#include <string>

#include "tests/support/loop_fixture.h"

namespace sluice::rpc {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using testing::LoopFixture;
using testing::Started;

// What the members of a group did.
struct Record {
  int ended = 0;
  int stopped = 0;
};

Task<void> member(Loop& loop, Duration time, Record& record) {
  const bool slept = co_await sleep_for(loop, time);
  ++(slept ? record.ended : record.stopped);
}

Task<void> failing_member(Loop& loop, Duration time, std::string what) {
  const bool slept = co_await sleep_for(loop, time);
  throw std::runtime_error(slept ? what : what + " after a stop");
}

class TaskGroupTest : public LoopFixture {
 protected:
  // The text of what the task throws.
  static std::string thrown_by(Started<void>& task) {
    try {
      task.get();
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "";
  }

  Record record;
};

TEST_F(TaskGroupTest, JoinWaitsForEveryMember) {
  TaskGroup group(loop);
  group.spawn(member(loop, milliseconds(5), record));
  group.spawn(member(loop, milliseconds(9), record));
  EXPECT_EQ(group.size(), 2u);
  Started<void> join(group.join());
  advance(milliseconds(8));
  EXPECT_FALSE(join.done());
  EXPECT_EQ(group.size(), 1u);
  advance(milliseconds(1));
  ASSERT_TRUE(join.done());
  join.get();
  EXPECT_EQ(record.ended, 2);
}

TEST_F(TaskGroupTest, JoinOfAnEmptyGroupIsImmediate) {
  TaskGroup group(loop);
  const Started<void> join(group.join());
  EXPECT_TRUE(join.done());
}

TEST_F(TaskGroupTest, RequestStopReachesEveryMember) {
  TaskGroup group(loop);
  for (int i = 0; i < 3; ++i) group.spawn(member(loop, hours(1), record));
  group.request_stop();
  EXPECT_TRUE(group.token().stop_requested());
  Started<void> join(group.join());
  loop.poll();
  join.get();
  EXPECT_EQ(record.stopped, 3);
}

TEST_F(TaskGroupTest, TheParentsStopReachesEveryMember) {
  StopSource parent;
  TaskGroup group(loop, parent.token());
  group.spawn(member(loop, hours(1), record));
  parent.request_stop();
  Started<void> join(group.join());
  loop.poll();
  EXPECT_TRUE(join.done());
  EXPECT_EQ(record.stopped, 1);
}

TEST_F(TaskGroupTest, AStopOfTheJoinerReachesTheMembersAndIsWaitedThrough) {
  TaskGroup group(loop);
  group.spawn(member(loop, hours(1), record));
  Started<void> join(group.join());
  join.request_stop();
  EXPECT_FALSE(join.done());
  loop.poll();
  EXPECT_TRUE(join.done());
  EXPECT_EQ(record.stopped, 1);
}

TEST_F(TaskGroupTest, TheFirstExceptionStopsTheOthersAndIsThrownByJoin) {
  TaskGroup group(loop);
  group.spawn(failing_member(loop, milliseconds(2), "second"));
  group.spawn(failing_member(loop, milliseconds(1), "first"));
  group.spawn(member(loop, hours(1), record));
  Started<void> join(group.join());
  advance(milliseconds(1));
  ASSERT_TRUE(join.done());
  EXPECT_EQ(thrown_by(join), "first");
  EXPECT_EQ(record.stopped, 1);
}

TEST_F(TaskGroupTest, MembersMaySpawnMembers) {
  TaskGroup group(loop);
  auto parent = [&](int children) -> Task<void> {
    for (int i = 0; i < children; ++i) group.spawn(member(loop, milliseconds(i), record));
    co_return;
  };
  group.spawn(parent(4));
  Started<void> join(group.join());
  advance(milliseconds(4));
  join.get();
  EXPECT_EQ(record.ended, 4);
}

TEST_F(TaskGroupTest, RunInGroupJoinsWhatTheBodySpawned) {
  auto body = [&](TaskGroup& group) -> Task<void> {
    group.spawn(member(loop, milliseconds(5), record));
    co_return;
  };
  Started<void> task(run_in_group(loop, body));
  EXPECT_FALSE(task.done());
  advance(milliseconds(5));
  task.get();
  EXPECT_EQ(record.ended, 1);
}

TEST_F(TaskGroupTest, RunInGroupThrowsWhatTheBodyThrew) {
  auto body = [&](TaskGroup& group) -> Task<void> {
    group.spawn(member(loop, hours(1), record));
    co_await Yield(loop);
    throw std::runtime_error("the body");
  };
  Started<void> task(run_in_group(loop, body));
  loop.poll();
  EXPECT_EQ(thrown_by(task), "the body");
  EXPECT_EQ(record.stopped, 1);
}

TEST_F(TaskGroupTest, RunInGroupPrefersTheBodysExceptionToThoseOfStoppedMembers) {
  auto body = [&](TaskGroup& group) -> Task<void> {
    group.spawn(failing_member(loop, hours(1), "the member"));
    co_await Yield(loop);
    throw std::runtime_error("the body");
  };
  Started<void> task(run_in_group(loop, body));
  loop.poll();
  EXPECT_EQ(thrown_by(task), "the body");
}

TEST_F(TaskGroupTest, RunInGroupPrefersTheMembersExceptionWhenItWasFirst) {
  auto body = [&](TaskGroup& group) -> Task<void> {
    group.spawn(failing_member(loop, milliseconds(1), "the member"));
    co_await sleep_for(loop, milliseconds(5));
    throw std::runtime_error("the body");
  };
  Started<void> task(run_in_group(loop, body));
  advance(milliseconds(1));
  advance(milliseconds(4));
  EXPECT_EQ(thrown_by(task), "the member");
}

TEST_F(TaskGroupTest, AMembersExceptionStopsTheBody) {
  bool body_slept = true;
  auto body = [&](TaskGroup& group) -> Task<void> {
    group.spawn(failing_member(loop, milliseconds(1), "the member"));
    body_slept = co_await sleep_for(loop, hours(1));
  };
  Started<void> task(run_in_group(loop, body));
  advance(milliseconds(1));
  ASSERT_TRUE(task.done());
  EXPECT_EQ(thrown_by(task), "the member");
  EXPECT_FALSE(body_slept);
}

TEST_F(TaskGroupTest, AStopFromOutsideReachesBodyAndMembers) {
  bool body_slept = true;
  auto body = [&](TaskGroup& group) -> Task<void> {
    group.spawn(member(loop, hours(1), record));
    body_slept = co_await sleep_for(loop, hours(1));
  };
  Started<void> task(run_in_group(loop, body));
  task.request_stop();
  loop.poll();
  task.get();
  EXPECT_FALSE(body_slept);
  EXPECT_EQ(record.stopped, 1);
}

// A deadline: work against a timer, the loser is stopped, and both are joined.
TEST_F(TaskGroupTest, ADeadlineStopsTheWork) {
  for (const int deadline_ms : {3, 30}) {
    Record work;
    auto body = [&](TaskGroup& group) -> Task<void> {
      auto deadline = [&]() -> Task<void> {
        const bool elapsed = co_await sleep_for(loop, milliseconds(deadline_ms));
        if (elapsed) group.request_stop();
      };
      auto worker = [&]() -> Task<void> {
        co_await member(loop, milliseconds(10), work);
        group.request_stop();
      };
      group.spawn(deadline());
      group.spawn(worker());
      co_await group.join();
    };
    Started<void> task(run_in_group(loop, body));
    advance(milliseconds(std::min(deadline_ms, 10)));
    ASSERT_TRUE(task.done());
    EXPECT_EQ(work.stopped, deadline_ms < 10);
    EXPECT_EQ(work.ended, deadline_ms > 10);
  }
}

}  // namespace
}  // namespace sluice::rpc
