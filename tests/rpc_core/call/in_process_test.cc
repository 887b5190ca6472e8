// Tests of calls in process, in bytes: what no typed test over both paths says.
#include "rpc_core/call/in_process.h"

#include <gtest/gtest.h>

#include "tests/support/raw_service.h"

namespace sluice::rpc::testing {
namespace {

using namespace std::chrono_literals;

class InProcess : public LoopFixture {
 protected:
  InProcess() {
    service.handler = echo;
    channel.add(service);
  }
  void TearDown() override {
    run(channel.close());
    EXPECT_EQ(service.started, service.returned);
    LoopFixture::TearDown();
  }
  std::unique_ptr<Call> start(const CallOptions& options = {}) { return channel.start(kRawPath, options); }
  Task<std::string> read(Call& call) {
    const std::optional<Buffer> bytes = co_await call.read();
    std::string text = "nothing";
    if (bytes) text = bytes->text();
    co_return text;
  }

  RawService service;
  InProcessChannel channel{loop, {.queued_messages = 1, .receive_bytes = 10}};
};

TEST_F(InProcess, StartsTheHandlerAtTheNextTurn) {
  const auto call = start();
  EXPECT_EQ(service.started, 0);
  loop.poll();
  EXPECT_EQ(service.started, 1);
}

TEST_F(InProcess, StartsNoHandlerForACallThatIsGone) {
  start();
  loop.poll();
  EXPECT_EQ(service.started, 0);
}

TEST_F(InProcess, KnowsOnlyItsMethods) {
  for (const char* path : {"/test.Raw/call", "/test.Raw", "/test.Raw/", "test.Raw/Call", "", "/test.Other/Call"}) {
    const auto call = channel.start(path, {});
    EXPECT_EQ(run(call->finish()), Status(StatusCode::Unimplemented, std::string("no service here has ") + path));
    EXPECT_FALSE(run(call->write(message("x"))));
    EXPECT_EQ(run(call->headers()), nullptr);
  }
}

TEST_F(InProcess, HoldsBackAWriterThatNobodyReads) {
  service.handler = [this](ServerCall& call) -> Task<void> {
    co_await sleep_for(loop, 1s);
    co_await echo(call);
  };
  const auto call = start();
  EXPECT_TRUE(run(call->write(message("a"))));
  Started<bool> second(call->write(message("b")));
  loop.poll();
  EXPECT_FALSE(second.done());
  advance(1s + 1ms);
  EXPECT_TRUE(second.get());
}

TEST_F(InProcess, HoldsBackAHandlerWhoseClientDoesNotRead) {
  int written = 0;
  service.handler = [&](ServerCall& call) -> Task<void> {
    for (bool room = true; room && written < 10; ++written) room = co_await call.write(message("x"));
    co_await call.finish(Status());
  };
  const auto call = start();
  loop.poll();
  EXPECT_EQ(written, 1);
  EXPECT_EQ(run(read(*call)), "x");
  loop.poll();
  EXPECT_EQ(written, 2);
  EXPECT_EQ(run(call->finish()), Status()) << "discards the others";
  EXPECT_EQ(written, 10);
}

TEST_F(InProcess, ReadsAndWritesOverlap) {
  const auto call = start();
  Started<std::string> answer(read(*call));
  loop.poll();
  EXPECT_TRUE(run(call->write(message("a"))));
  loop.poll();
  EXPECT_EQ(answer.get(), "a");
}

TEST_F(InProcess, LimitsWhatItReceives) {
  const auto call = start();
  EXPECT_TRUE(run(call->write(message("0123456789"))));
  EXPECT_EQ(run(read(*call)), "0123456789");
  EXPECT_TRUE(run(call->write(message("0123456789a"))));
  EXPECT_EQ(run(read(*call)), "nothing");
  EXPECT_EQ(run(call->finish()),
            Status(StatusCode::ResourceExhausted, "expected a message of at most 10 bytes, got 11"));
}

TEST_F(InProcess, TakesTheLimitOfTheCall) {
  const auto call = start({.max_receive_bytes = 11});
  EXPECT_TRUE(run(call->write(message("0123456789a"), {.last = true})));
  EXPECT_EQ(run(read(*call)), "0123456789a");
  EXPECT_EQ(run(call->finish()), Status());
}

TEST_F(InProcess, TheEarlierOfTimeoutAndDeadlineCounts) {
  const struct {
    const char* name;
    std::optional<Duration> timeout;
    std::optional<Duration> until;
    Duration expected;
  } cases[] = {
      {"timeout", 2s, {}, 2s},
      {"deadline", {}, 3s, 3s},
      {"timeout before deadline", 2s, 3s, 2s},
      {"deadline before timeout", 4s, 3s, 3s},
  };
  for (const auto& c : cases) {
    CallOptions options{.timeout = c.timeout};
    if (c.until) options.deadline = clock.now() + *c.until;
    const auto call = start(options);
    Started<Status> status(call->finish());
    advance(c.expected - 1ms);
    EXPECT_FALSE(status.done()) << c.name;
    advance(3ms);
    EXPECT_EQ(status.get(), Status(StatusCode::DeadlineExceeded, "the deadline of the call has passed")) << c.name;
  }
}

TEST_F(InProcess, TellsTheHandlerWhyItStops) {
  Status seen;
  service.handler = [&](ServerCall& call) -> Task<void> {
    const std::optional<Buffer> none = co_await call.read();
    EXPECT_FALSE(none);
    EXPECT_TRUE(call.cancelled().stop_requested());
    const bool sent = co_await call.write(message("late"));
    EXPECT_FALSE(sent);
    seen = call.receive_status();
    co_await call.finish(Status());
  };
  const auto call = start({.timeout = 1s});
  advance(1s + 1ms);
  EXPECT_EQ(seen.code(), StatusCode::DeadlineExceeded);
  EXPECT_EQ(run(call->finish()).code(), StatusCode::DeadlineExceeded);
}

TEST_F(InProcess, AHandlerThatForgetsToFinishIsUnknown) {
  service.handler = [](ServerCall&) -> Task<void> { co_return; };
  const auto call = start();
  EXPECT_EQ(run(call->finish()), Status(StatusCode::Unknown, "the handler of /test.Raw/Call ended without a status"));
}

TEST_F(InProcess, AHandlerThatThrowsSomethingElseIsUnknown) {
  service.handler = [](ServerCall&) -> Task<void> {
    throw 1;
    co_return;
  };
  const auto call = start();
  EXPECT_EQ(run(call->finish()), Status(StatusCode::Unknown, "the handler of /test.Raw/Call failed"));
  ++service.returned;
}

TEST_F(InProcess, CloseEndsCallsAndRefusesNewOnes) {
  const auto call = start();
  Started<Status> status(call->finish());
  loop.poll();
  run(channel.close());
  const Status closed(StatusCode::Unavailable, "the in-process channel is closed");
  EXPECT_EQ(status.get(), closed);
  EXPECT_EQ(run(start()->finish()), closed);
}

TEST_F(InProcess, RefusesAServiceThatIsThere) {
  EXPECT_THROW(channel.add(service), std::invalid_argument);
}

TEST_F(InProcess, GivesTheSameStatusAgain) {
  service.handler = [](ServerCall& call) -> Task<void> {
    const Metadata trailers{{"x-last", "1"}};
    co_await call.finish(Status(StatusCode::Aborted, "x"), trailers);
  };
  const auto call = start();
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(run(call->finish()), Status(StatusCode::Aborted, "x"));
    EXPECT_EQ(run(read(*call)), "nothing");
    EXPECT_EQ(call->trailers(), Metadata({{"x-last", "1"}}));
  }
}

}  // namespace
}  // namespace sluice::rpc::testing
