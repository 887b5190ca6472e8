// Clients that take their time: with the preface, a header block, a body, their windows. Each has its limit, and the
// memory that it can make the server keep has one.
#include <gmock/gmock.h>

#include <vector>

#include "tests/rpc_core/http2/attack.h"
#include "tests/rpc_core/http2/server_fixture.h"
#include "tests/support/stream_io.h"

namespace sluice::rpc::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::Optional;

class StalledClientTest : public ServerFixture {
 protected:
  void expect_calm_down() {
    EXPECT_TRUE(peer->ended());
    const auto goaway = peer->take(NGHTTP2_GOAWAY);
    ASSERT_FALSE(goaway.empty());
    EXPECT_EQ(goaway[0].number(4), static_cast<std::uint32_t>(NGHTTP2_ENHANCE_YOUR_CALM));
  }
  // A client that opens no window by itself.
  void start_without_windows(ServerOptions options = {}) {
    start(std::move(options));
    peer->frame(NGHTTP2_SETTINGS, 0, 0, std::string("\0\4\0\0\0\0", 6));
    peer->take();
  }
};

TEST_F(StalledClientTest, HasAMinuteForAHeaderBlock) {
  start();
  for (const std::int32_t stream : {1, 3}) {
    peer->frame(NGHTTP2_HEADERS, 0, stream, "\x83");
    advance(59s);
    EXPECT_FALSE(peer->ended()) << stream;
    peer->frame(NGHTTP2_CONTINUATION, NGHTTP2_FLAG_END_HEADERS, stream, "\x86\x84");
    advance(1h);
    EXPECT_FALSE(peer->ended()) << "this block is complete";
  }
  peer->take();
  peer->frame(NGHTTP2_HEADERS, 0, 5, "\x83");
  for (int i = 0; i < 5; ++i) {
    advance(11s);
    peer->frame(NGHTTP2_CONTINUATION, 0, 5, "\x90");
  }
  EXPECT_FALSE(peer->ended());
  advance(6s);
  expect_calm_down();
  EXPECT_EQ(server->open_streams(), 0u);
}

TEST_F(StalledClientTest, ABlockThatIsRefusedIsComplete) {
  start();
  Metadata head = request_head(kRawPath);
  head.add("connection", "close");
  peer->headers(1, head, true);
  EXPECT_EQ(peer->take(NGHTTP2_RST_STREAM, 1).size(), 1u);
  advance(1h);
  EXPECT_FALSE(peer->ended());
}

// It reads slowly, or not at all, what a handler writes: the handler waits, with little in hand.
TEST_F(StalledClientTest, MakesAHandlerWait) {
  std::size_t written = 0;
  service.handler = [&written](ServerCall& call) -> Task<void> {
    for (bool room = true; room; ++written) room = co_await call.write(message(std::string(10'000, 'x')));
  };
  start_without_windows();
  const std::size_t heap = heap_bytes();
  for (std::int32_t stream = 1; stream < 41; stream += 2) request(stream);
  advance(1h);
  EXPECT_EQ(service.started, 20);
  EXPECT_LT(heap_bytes(), heap + kMostHeapBytes);
  EXPECT_LT(written, 20u * 8) << "64 KiB for each stream";
  EXPECT_FALSE(peer->ended()) << "a client may take its time";
}

// The answers of handlers that are done wait, up to a limit; beyond it a client has to read.
TEST_F(StalledClientTest, LosesTheConnectionWhenTooMuchWaits) {
  service.handler = [](ServerCall& call) -> Task<void> {
    co_await call.write(message(std::string(1 << 20, 'x')));
    co_await call.finish(Status());
  };
  start_without_windows();
  for (std::int32_t stream = 1; stream < 41; stream += 2) request(stream, true);
  advance(119s);
  EXPECT_FALSE(peer->ended());
  advance(2s);
  expect_calm_down();
  EXPECT_EQ(service.returned, 20);
}

TEST_F(StalledClientTest, KeepsTheConnectionWhileItReads) {
  service.handler = [](ServerCall& call) -> Task<void> {
    co_await call.write(message(std::string(1 << 20, 'x')));
    co_await call.finish(Status());
  };
  start_without_windows();
  for (std::int32_t stream = 1; stream < 41; stream += 2) request(stream, true);
  for (int i = 0; i < 60; ++i) {
    advance(100s);
    peer->window_update(1, 16'384);
    peer->window_update(0, 16'384);
  }
  EXPECT_FALSE(peer->ended());
}

TEST_F(StalledClientTest, KeepsTheConnectionWhileLittleWaits) {
  service.handler = [](ServerCall& call) -> Task<void> {
    co_await call.write(message(std::string(1 << 20, 'x')));
    co_await call.finish(Status());
  };
  start_without_windows();
  request(1, true);
  advance(1h);
  EXPECT_FALSE(peer->ended());
}

// It asks for answers and reads none of them.
TEST_F(StalledClientTest, LosesTheConnectionWhenItsAnswersPileUp) {
  ServerOptions options;
  options.http2.max_concurrent_streams = 10;
  options.http2.limits.client_resets_burst = 1e9;
  server = std::make_unique<Server>(loop, options);
  server->add(service);
  auto [ours, theirs] = memory_pair(loop, {.capacity = 1000});
  server->serve(std::move(theirs));
  std::string bytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0", 24 + 9);
  for (std::uint32_t id = 1; id < 60'000; id += 2) {
    bytes += std::string("\0\0\3\1\4\0\0", 7) + static_cast<char>(id >> 8) + static_cast<char>(id) + "\x83\x86\x84";
  }
  const std::size_t heap = heap_bytes();
  Started<Result<std::size_t>> writing(write_text(*ours, bytes));
  loop.poll();
  EXPECT_LT(heap_bytes(), heap + 2 * kMostHeapBytes);
  advance(2s);
  EXPECT_EQ(server->connections(), 0u);
  loop.poll();
  EXPECT_TRUE(writing.done());
}

// A handler that does not read, and a client that does not mind the window.
TEST_F(StalledClientTest, MaySendNoMoreThanTheWindow) {
  service.handler = [](ServerCall& call) -> Task<void> {
    Waiter never(call.loop());
    co_await never.wait();
  };
  start();
  request(1);
  const std::size_t heap = heap_bytes();
  for (int i = 0; i < 1000; ++i) peer->data(1, std::string(16'384, 'x'), false);
  EXPECT_LT(heap_bytes(), heap + kMostHeapBytes);
  const Answer got = answer(1);
  ASSERT_FALSE(got.resets.empty());
  EXPECT_EQ(got.resets[0], static_cast<std::uint32_t>(NGHTTP2_FLOW_CONTROL_ERROR));
  EXPECT_EQ(service.returned, 1);
}

TEST_F(StalledClientTest, SendsABodyWithoutAnEndForNothing) {
  service.handler = [](ServerCall& call) -> Task<void> {
    while (const std::optional<Buffer> request = co_await call.read()) continue;
    co_await call.finish(Status());
  };
  start();
  request(1);
  const std::size_t heap = heap_bytes();
  for (int i = 0; i < 1000; ++i) {
    peer->data(1, framed(std::string(60'000, 'x')), false);
    peer->take();
  }
  EXPECT_LT(heap_bytes(), heap + kMostHeapBytes);
  peer->data(1, "", true);
  EXPECT_THAT(answer(1).last_fields.get("grpc-status"), Optional(std::string_view("0")));
}

// The handler is done, the client goes on sending: nobody keeps that, and others have the connection's window.
TEST_F(StalledClientTest, MaySendOnBehindTheAnswer) {
  service.handler = [](ServerCall& call) -> Task<void> { co_await call.finish(Status()); };
  start();
  request(1);
  EXPECT_EQ(answer(1).resets.size(), 1u);
  const std::size_t heap = heap_bytes();
  for (int i = 0; i < 1000 && !peer->ended(); ++i) peer->data(1, std::string(16'384, 'x'), false);
  EXPECT_LT(heap_bytes(), heap + kMostHeapBytes);
  EXPECT_FALSE(peer->ended());
  service.handler = echo;
  request(3);
  peer->data(3, framed("hi"), true);
  EXPECT_EQ(answer(3).data, framed("hi"));
}

TEST_F(StalledClientTest, AnswersAPlainRequestWhoseBodyIsTooLong) {
  ServerOptions options;
  options.max_receive_bytes = 100'000;
  options.plain_http = [](std::string_view) { return std::optional<std::string>("plain"); };
  start(std::move(options));
  peer->headers(1, Metadata{{":method", "POST"}, {":scheme", "http"}, {":path", "/"}, {":authority", "x"}}, false);
  for (int i = 0; i < 6; ++i) peer->data(1, std::string(16'384, 'x'), false);
  EXPECT_EQ(answer(1).blocks, 0u);
  peer->data(1, std::string(16'384, 'x'), false);
  const Answer got = answer(1);
  EXPECT_EQ(got.data, "plain");
  EXPECT_EQ(got.resets.size(), 1u);
}

}  // namespace
}  // namespace sluice::rpc::testing
