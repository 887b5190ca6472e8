// Calls that end early leave nothing behind: no stream on either side, no timer, no task, no memory, no used-up window.
#include <string>

#include "tests/support/count_malloc.h"
#include "tests/support/raw_service.h"

namespace sluice::rpc::testing {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kLarge = 300'000;

// Takes nothing, until it is told to stop.
Task<void> hang(ServerCall& call) {
  Waiter never(call.loop());
  co_await never.wait();
}

struct Ending {
  const char* name;
  StatusCode expected;
};

class Leftovers : public RawCallFixture, public ::testing::WithParamInterface<Ending> {
 protected:
  Leftovers() {
    service.handler = [this](ServerCall& call) {
      return GetParam().name == std::string("TooLarge") ? echo(call) : hang(call);
    };
  }

  Task<Status> call(std::string_view path, CallOptions options) {
    const std::unique_ptr<Call> call = channel->start(path, options);
    co_await call->write(message(large));
    if (GetParam().name == std::string("Destruction")) co_return Status();
    co_await call->finish_writing();
    while (std::optional<Buffer> reply = co_await call->read()) continue;
    co_return co_await call->finish();
  }

  void end_one() {
    const std::string name = GetParam().name;
    CallOptions options;
    if (name == "Deadline") options.timeout = 100ms;
    if (name == "TooLarge") options.max_receive_bytes = 1000;
    Started<Status> running(call(name == "Refusal" ? "/test.Raw/Nothing" : kRawPath, options));
    loop.poll();
    if (name == "Deadline") advance(101ms);
    if (name == "Cancel") running.request_stop();
    if (name == "LostConnection") {
      // Old enough not to count as a failed attempt to connect.
      advance(2s);
      connection().close(http2::ErrorCode::InternalError);
    }
    loop.poll();
    ASSERT_TRUE(running.done());
    EXPECT_EQ(running.get().code(), GetParam().expected);
    advance(1s);
  }
  // More than a block of the queue of new streams has room for.
  void end_many() {
    for (int i = 0; i < 100; ++i) end_one();
  }
  http2::Connection& connection() { return *channel->subchannel().ready_connection(); }

  static std::uint64_t live_blocks() {
    const MallocCount count = malloc_count();
    return count.allocations - count.releases;
  }

  const std::string large = std::string(kLarge, 'x');
};

TEST_P(Leftovers, AreNone) {
  ChannelOptions options;
  options.send_buffer_bytes = 2 * kLarge;
  // nghttp2 remembers as many streams that are over as may be open.
  ServerOptions few;
  few.http2.max_concurrent_streams = 8;
  few.http2.life.keepalive_after.reset();
  start({}, options, few);
  end_many();
  // Time for what waits for a handshake, or for its turn to connect.
  advance(300s);
  const std::size_t frames = live_task_frames;
  const std::uint64_t blocks = live_blocks();
  end_many();
  advance(300s);
  EXPECT_EQ(server->open_streams(), 0u);
  EXPECT_EQ(service.started, service.returned);
  EXPECT_EQ(loop.next_timer(), std::nullopt);
  EXPECT_EQ(live_task_frames, frames);
  if (mallocs_are_counted()) {
    EXPECT_LE(live_blocks(), blocks);
  }
  // More than both windows hold has been sent and given up.
  service.handler = echo;
  EXPECT_EQ(run(exchange({large, large})).status, Status());
  EXPECT_EQ(connection().open_streams(), 0u);
}

INSTANTIATE_TEST_SUITE_P(Endings, Leftovers,
                         ::testing::Values(Ending{"Deadline", StatusCode::DeadlineExceeded},
                                           Ending{"Cancel", StatusCode::Cancelled},
                                           Ending{"Destruction", StatusCode::Ok},
                                           Ending{"Refusal", StatusCode::Unimplemented},
                                           Ending{"TooLarge", StatusCode::ResourceExhausted},
                                           Ending{"LostConnection", StatusCode::Unavailable}),
                         [](const auto& info) { return info.param.name; });

using CallDestruction = RawCallFixture;

// A call destroyed between any two of its operations.
TEST_F(CallDestruction, IsSurvivedAfterEachOperation) {
  start();
  for (int operations = 0; operations <= 6; ++operations) {
    const auto part = [&]() -> Task<void> {
      const std::unique_ptr<Call> call = channel->start(kRawPath, CallOptions());
      if (operations > 0) co_await call->write(message("a"));
      if (operations > 1) co_await call->headers();
      if (operations > 2) co_await call->read();
      if (operations > 3) co_await call->finish_writing();
      if (operations > 4) co_await call->read();
      if (operations > 5) co_await call->finish();
    };
    run(part());
    EXPECT_EQ(service.started, service.returned) << operations;
    EXPECT_EQ(server->open_streams(), 0u) << operations;
  }
  EXPECT_EQ(run(exchange({"still here"})).status, Status());
}

}  // namespace
}  // namespace sluice::rpc::testing
