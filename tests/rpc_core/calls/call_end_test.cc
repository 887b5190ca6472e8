// How calls end that nobody lets finish: deadlines, cancellation, lost connections, backends that are not there.
#include <gmock/gmock.h>

#include "tests/support/raw_service.h"

namespace sluice::rpc::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

// Waits until it is told to stop.
Task<void> hang(ServerCall& call) {
  while (std::optional<Buffer> request = co_await call.read()) continue;
  if (call.cancelled().stop_requested()) co_return;
  Waiter never(call.loop());
  co_await never.wait();
}

using CallEndTest = RawCallFixture;

TEST_F(CallEndTest, PassesTheDeadlineToTheServer) {
  std::optional<Duration> left;
  service.handler = [&left](ServerCall& call) -> Task<void> {
    if (call.info().deadline) left = *call.info().deadline - call.loop().now();
    co_await call.finish(Status());
  };
  start();
  EXPECT_EQ(run(exchange({}, {.timeout = 1500ms})).status, Status());
  EXPECT_EQ(left, 1500ms);
}

TEST_F(CallEndTest, EndsAtTheDeadline) {
  service.handler = hang;
  start();
  Started<Outcome> client(exchange({"x"}, {.timeout = 100ms}));
  loop.poll();
  EXPECT_EQ(service.started, 1);
  advance(99ms);
  EXPECT_FALSE(client.done());
  advance(2ms);
  ASSERT_TRUE(client.done());
  EXPECT_EQ(client.get().status.code(), StatusCode::DeadlineExceeded);
  EXPECT_EQ(service.returned, 1);
}

TEST_F(CallEndTest, NeverStartsAfterTheDeadline) {
  start();
  EXPECT_EQ(run(exchange({"x"}, {.timeout = 0ms})).status.code(), StatusCode::DeadlineExceeded);
  EXPECT_EQ(connects, 0);
}

TEST_F(CallEndTest, FailsAtOnceWhenNobodyAnswers) {
  start();
  refuse_connections = true;
  const Status status = run(exchange({"x"})).status;
  EXPECT_EQ(status.code(), StatusCode::Unavailable);
  EXPECT_THAT(status.message(), HasSubstr("nobody listens"));
  // During the backoff calls fail without another attempt.
  EXPECT_EQ(run(exchange({"x"})).status.code(), StatusCode::Unavailable);
  EXPECT_EQ(connects, 1);
  refuse_connections = false;
  advance(2s);
  EXPECT_EQ(run(exchange({"x"})).status, Status());
}

TEST_F(CallEndTest, WaitsForReadyUntilTheDeadline) {
  start();
  refuse_connections = true;
  Started<Outcome> early(exchange({"x"}, {.timeout = 500ms, .wait_for_ready = true}));
  Started<Outcome> patient(exchange({"x"}, {.timeout = 60s, .wait_for_ready = true}));
  advance(500ms);
  ASSERT_TRUE(early.done());
  EXPECT_EQ(early.get().status.code(), StatusCode::DeadlineExceeded);
  refuse_connections = false;
  advance(2s);
  ASSERT_TRUE(patient.done());
  EXPECT_EQ(patient.get().status, Status());
}

TEST_F(CallEndTest, ReconnectsAfterALostConnection) {
  int lost = 0;
  int good = 0;
  for (const std::size_t fail_at : {4, 5, 6, 7, 8, 9}) {
    start({.fail_at = fail_at});
    for (int i = 0; i < 10; ++i) {
      const Status status = run(exchange({"x"})).status;
      status.ok() ? ++good : ++lost;
      if (status.ok()) continue;
      EXPECT_EQ(status.code(), StatusCode::Unavailable);
      EXPECT_EQ(status.origin(), Status::Origin::Transport);
      advance(200s);
    }
    run(stop_all());
    channel.reset();
  }
  EXPECT_GT(lost, 0);
  EXPECT_GT(good, 0);
}

TEST_F(CallEndTest, TellsTheHandlerWhenTheClientCancels) {
  service.handler = hang;
  start();
  Started<Outcome> client(exchange({"x"}));
  loop.poll();
  EXPECT_EQ(service.started, 1);
  client.request_stop();
  loop.poll();
  ASSERT_TRUE(client.done());
  EXPECT_EQ(client.get().status.code(), StatusCode::Cancelled);
  EXPECT_EQ(service.returned, 1);
}

TEST_F(CallEndTest, CancelsACallThatIsDestroyed) {
  service.handler = hang;
  start();
  const auto abandon = [this]() -> Task<void> {
    const std::unique_ptr<Call> call = channel->start(kRawPath, CallOptions());
    co_await call->write(message("x"));
  };
  run(abandon());
  loop.poll();
  EXPECT_EQ(service.returned, service.started);
}

// A client that stops at each step of the loop: exactly one status, and nothing is left on either side.
TEST_F(CallEndTest, SurvivesAStopAtEveryStep) {
  bool finished = false;
  for (int steps = 0; !finished && steps < 500; ++steps) {
    start();
    Started<Outcome> client(exchange({"a", std::string(200000, 'x'), "b"}));
    for (int i = 0; i < steps && !client.done(); ++i) step();
    finished = client.done();
    client.request_stop();
    loop.poll();
    ASSERT_TRUE(client.done());
    const Status status = client.get().status;
    EXPECT_EQ(status.code(), finished ? StatusCode::Ok : StatusCode::Cancelled);
    EXPECT_EQ(service.started, service.returned);
    run(stop_all());
    channel.reset();
  }
  EXPECT_TRUE(finished);
}

// The connection fails at the n-th operation of the client's end, or of the server's.
class CallFailure : public RawCallFixture, public ::testing::WithParamInterface<bool> {};
INSTANTIATE_TEST_SUITE_P(Ends, CallFailure, ::testing::Bool(),
                         [](const auto& info) { return info.param ? "Server" : "Client"; });

TEST_P(CallFailure, IsSurvivedAtEveryOperation) {
  fail_servers_end = GetParam();
  bool finished = false;
  for (std::size_t n = 1; !finished && n < 500; ++n) {
    start({.fail_at = n});
    Started<Outcome> client(exchange({"a", std::string(200000, 'x'), "b"}));
    loop.poll();
    ASSERT_TRUE(client.done()) << n;
    const Status status = client.get().status;
    finished = status.ok();
    if (!finished) {
      EXPECT_EQ(status.code(), StatusCode::Unavailable) << n;
    }
    EXPECT_EQ(service.started, service.returned);
    run(stop_all());
    channel.reset();
  }
  EXPECT_TRUE(finished);
}

TEST_F(CallEndTest, ACallMayFollowAtOnceOnALostConnection) {
  service.handler = [](ServerCall& call) -> Task<void> {
    Waiter never(call.loop());
    co_await never.wait();
  };
  start();
  const auto twice = [this]() -> Task<Outcome> {
    const std::vector<std::string> requests(1, "hello");
    const Outcome lost = co_await exchange(requests);
    EXPECT_EQ(lost.status.code(), StatusCode::Unavailable);
    service.handler = echo;
    CallOptions options;
    options.wait_for_ready = true;
    co_return co_await exchange(requests, options);
  };
  Started<Outcome> client(twice());
  advance(2s);
  channel->subchannel().ready_connection()->close(http2::ErrorCode::InternalError);
  loop.poll();
  ASSERT_TRUE(client.done());
  EXPECT_EQ(client.get().status, Status());
}

}  // namespace
}  // namespace sluice::rpc::testing
