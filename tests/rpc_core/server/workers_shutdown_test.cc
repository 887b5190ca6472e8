// The end of a server of several loops: calls that run finish, those that outlast the grace are cancelled, none begins.
#include <gmock/gmock.h>

#include "rpc_core/base/task_group.h"
#include "tests/rpc_core/server/workers_fixture.h"

namespace sluice::rpc::testing {
namespace {

using namespace std::chrono_literals;

constexpr int kWorkers = 3;

class WorkersShutdownTest : public WorkersFixture {
 protected:
  // One call on each loop.
  void begin_calls() {
    start(with_workers(kWorkers));
    for (int i = 0; i < kWorkers; ++i) calls.push_back(begin_call());
    EXPECT_EQ(service.calls_by_thread().size(), static_cast<std::size_t>(kWorkers));
  }
  void TearDown() override {
    calls.clear();
    WorkersFixture::TearDown();
  }

  Task<void> call_meanwhile(Channel& channel) {
    const Status status = co_await exchange(channel);
    EXPECT_TRUE(status.ok() || status.code() == StatusCode::Unavailable) << status.to_string();
  }

  Task<void> shut_down_until(StopSource& stop) { co_await server->shut_down(1h).with_stop(stop.token()); }

  std::vector<std::unique_ptr<Call>> calls;
};

// Ends the calls one by one, once new ones are refused.
Task<void> end_all(std::vector<std::unique_ptr<Call>>& calls, std::vector<Status>& statuses) {
  for (const auto& each : calls) {
    co_await each->finish_writing();
    while (co_await each->read()) continue;
    statuses.push_back(co_await each->finish());
  }
}

TEST_F(WorkersShutdownTest, LetsCallsFinishOnEveryLoop) {
  begin_calls();
  std::vector<Status> statuses;
  const auto both = [&](TaskGroup& group) -> Task<void> {
    group.spawn(end_all(calls, statuses));
    co_await server->shut_down(1h);
  };
  run(run_in_group(loop, both));
  EXPECT_THAT(statuses, ::testing::ElementsAre(Status(), Status(), Status()));
  EXPECT_EQ(service.returned, kWorkers);
  EXPECT_EQ(server->connections(), 0u);
  EXPECT_EQ(server->running_calls(), 0u);
}

TEST_F(WorkersShutdownTest, CancelsWhatOutlastsTheGrace) {
  begin_calls();
  run(server->shut_down(10ms));
  EXPECT_EQ(service.returned, kWorkers);
  EXPECT_EQ(server->connections(), 0u);
  for (const auto& each : calls) EXPECT_FALSE(run(end_call(*each)).ok());
}

// The stop of the one who waits ends the grace on every loop.
TEST_F(WorkersShutdownTest, AStopEndsTheGrace) {
  begin_calls();
  StopSource stop;
  const auto both = [&](TaskGroup& group) -> Task<void> {
    group.spawn(shut_down_until(stop));
    const bool slept = co_await sleep_for(loop, 5ms);
    if (slept) stop.request_stop();
  };
  run(run_in_group(loop, both));
  EXPECT_EQ(service.returned, kWorkers);
  EXPECT_EQ(server->connections(), 0u);
}

TEST_F(WorkersShutdownTest, TakesNoMoreConnections) {
  start(with_workers(kWorkers));
  EXPECT_EQ(run(exchange(connect())), Status());
  run(server->shut_down(0ms));
  EXPECT_EQ(run(exchange(connect())).code(), StatusCode::Unavailable);
  EXPECT_EQ(server->report().made, 1u);
}

TEST_F(WorkersShutdownTest, MayBeAskedForTwice) {
  begin_calls();
  run(server->shut_down(0ms));
  run(server->shut_down(0ms));
  EXPECT_EQ(server->connections(), 0u);
}

TEST_F(WorkersShutdownTest, AServerThatNeverListenedEnds) {
  const Server unused(loop, with_workers(kWorkers));
  EXPECT_EQ(unused.connections(), 0u);
  EXPECT_TRUE(unused.report().open.empty());
}

// Clients come and call while the end begins; every call has one status, and nothing is left.
TEST_F(WorkersShutdownTest, EndsAmongClientsThatCome) {
  for (int round = 0; round < 20; ++round) {
    start(with_workers(kWorkers));
    const auto all = [&](TaskGroup& group) -> Task<void> {
      for (int i = 0; i < 8; ++i) {
        group.spawn(call_meanwhile(connect()));
      }
      if (round % 2 == 0) co_await Yield(loop);
      co_await server->shut_down(1h);
    };
    run(run_in_group(loop, all));
    EXPECT_EQ(server->connections(), 0u);
    for (const auto& each : channels) run(each->shut_down());
    channels.clear();
    server.reset();
  }
}

}  // namespace
}  // namespace sluice::rpc::testing
