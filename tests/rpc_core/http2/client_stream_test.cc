// A client's streams: cancellation, deadlines, early ends, queueing, lost connections.
#include <gmock/gmock.h>

#include "tests/rpc_core/http2/client_fixture.h"

namespace sluice::rpc::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::SizeIs;

using ClientStreamTest = ClientFixture;

TEST_F(ClientStreamTest, CancelsByAReset) {
  start();
  const auto running = started();
  running->request_stop();
  loop.poll();
  ASSERT_TRUE(running->done());
  EXPECT_EQ(running->get().status.code(), StatusCode::Cancelled);
  const auto resets = peer().take(NGHTTP2_RST_STREAM, 1);
  ASSERT_THAT(resets, SizeIs(1));
  EXPECT_EQ(resets[0].number(), static_cast<std::uint32_t>(NGHTTP2_CANCEL));
}

TEST_F(ClientStreamTest, EnforcesItsOwnDeadline) {
  start();
  const auto running = started("hi", {.timeout = 100ms});
  EXPECT_EQ(peer().take(NGHTTP2_HEADERS)[0].fields.get("grpc-timeout"), "100m");
  advance(99ms);
  EXPECT_FALSE(running->done());
  advance(2ms);
  ASSERT_TRUE(running->done());
  EXPECT_EQ(running->get().status.code(), StatusCode::DeadlineExceeded);
  EXPECT_THAT(peer().take(NGHTTP2_RST_STREAM, 1), SizeIs(1));
}

TEST_F(ClientStreamTest, ResetsItsHalfWhenTheServerEndsEarly) {
  start();
  const auto patient = [this]() -> Task<Status> {
    const std::unique_ptr<Call> call = channel->start(kRawPath, CallOptions());
    co_await call->write(message("more to come"));
    co_return co_await call->finish();
  };
  Started<Status> running(patient());
  settle();
  Metadata block = response_head();
  block.add("grpc-status", "9");
  peer().headers(1, block, true);
  ASSERT_TRUE(running.done());
  EXPECT_EQ(running.get().code(), StatusCode::FailedPrecondition);
  const auto resets = peer().take(NGHTTP2_RST_STREAM, 1);
  ASSERT_THAT(resets, SizeIs(1));
  EXPECT_EQ(resets[0].number(), static_cast<std::uint32_t>(NGHTTP2_NO_ERROR));
}

TEST_F(ClientStreamTest, QueuesBeyondTheServersLimit) {
  start({{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, 1}});
  const auto first = started("first");
  const auto second = started("second");
  const auto third = started("third");
  EXPECT_THAT(peer().take(NGHTTP2_HEADERS), SizeIs(1));
  second->request_stop();
  loop.poll();
  ASSERT_TRUE(second->done());
  EXPECT_EQ(second->get().status.code(), StatusCode::Cancelled);
  peer().headers(1, response_head(), false);
  peer().headers(1, status_trailers(0), true);
  EXPECT_EQ(first->get().status, Status());
  const auto frames = peer().take();
  std::vector<std::int32_t> streams;
  for (const Frame& each : frames) {
    if (each.type == NGHTTP2_HEADERS) streams.push_back(each.stream);
    EXPECT_NE(each.type, NGHTTP2_RST_STREAM) << "the cancelled call was never on the wire";
  }
  ASSERT_THAT(streams, SizeIs(1));
  EXPECT_EQ(body(frames, streams[0]), framed("third"));
  peer().headers(streams[0], response_head(), false);
  peer().headers(streams[0], status_trailers(0), true);
  EXPECT_EQ(third->get().status, Status());
}

TEST_F(ClientStreamTest, IsUnavailableWhenTheConnectionIsLost) {
  start();
  const auto running = started();
  peer().headers(1, response_head(), false);
  peer().data(1, framed("a"), false);
  peer().close();
  ASSERT_TRUE(running->done());
  const Outcome outcome = running->get();
  EXPECT_EQ(outcome.status.code(), StatusCode::Unavailable);
  EXPECT_THAT(outcome.messages, SizeIs(1));
}

TEST_F(ClientStreamTest, KeepsACompleteResponseWhenTheConnectionIsLost) {
  start();
  const auto slow = [this]() -> Task<Outcome> {
    Outcome outcome;
    const std::unique_ptr<Call> call = channel->start(kRawPath, CallOptions());
    co_await call->write(message("hi"), {.last = true});
    co_await call->headers();
    co_await sleep_for(loop, 1s);
    while (std::optional<Buffer> reply = co_await call->read()) outcome.messages.emplace_back(reply->text());
    outcome.status = co_await call->finish();
    co_return outcome;
  };
  Started<Outcome> running(slow());
  settle();
  peer().headers(1, response_head(), false);
  peer().data(1, framed("a") + framed("b"), false);
  peer().headers(1, status_trailers(0), true);
  peer().close();
  advance(2s);
  ASSERT_TRUE(running.done());
  const Outcome outcome = running.get();
  EXPECT_EQ(outcome.status, Status());
  EXPECT_THAT(outcome.messages, SizeIs(2));
}

TEST_F(ClientStreamTest, StopsReadingNobodyButItself) {
  start();
  const std::unique_ptr<Call> idle = channel->start(kRawPath, CallOptions());
  Started<bool> written(idle->write(message("x"), WriteOptions{.last = true}));
  settle();
  EXPECT_TRUE(written.get());
  peer().headers(1, response_head(), false);
  peer().take();
  peer().data(1, framed(std::string(1'000'000, 'x')), false);
  std::uint32_t connection_credit = 0;
  for (const Frame& each : peer().take(NGHTTP2_WINDOW_UPDATE)) {
    EXPECT_EQ(each.stream, 0) << "a message that nobody has asked for";
    connection_credit += each.number();
  }
  EXPECT_LE(connection_credit, 1'000'100u);
  const auto busy = started("quick");
  peer().headers(3, response_head(), false);
  peer().headers(3, status_trailers(0), true);
  EXPECT_EQ(busy->get().status, Status());
}

}  // namespace
}  // namespace sluice::rpc::testing
