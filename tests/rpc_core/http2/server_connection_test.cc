// A server's connections: pings, limits of streams, drains, bytes that are no HTTP/2.
#include <gmock/gmock.h>

#include "tests/rpc_core/http2/server_fixture.h"

namespace sluice::rpc::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::Optional;

using ServerConnectionTest = ServerFixture;

Task<void> ignore(ServerCall& call) {
  Waiter never(call.loop());
  co_await never.wait();
}

TEST_F(ServerConnectionTest, AnswersPings) {
  start();
  peer->frame(NGHTTP2_PING, 0, 0, "12345678");
  const auto pings = peer->take(NGHTTP2_PING);
  ASSERT_EQ(pings.size(), 1u);
  EXPECT_EQ(pings[0].flags, NGHTTP2_FLAG_ACK);
  EXPECT_EQ(pings[0].payload, "12345678");
}

TEST_F(ServerConnectionTest, RefusesStreamsBeyondItsLimit) {
  service.handler = ignore;
  ServerOptions options;
  options.http2.max_concurrent_streams = 2;
  start(options);
  request(1);
  request(3);
  request(5);
  EXPECT_EQ(service.started, 2);
  EXPECT_TRUE(peer->ended() || !peer->take(NGHTTP2_GOAWAY).empty() || !peer->take(NGHTTP2_RST_STREAM, 5).empty());
}

TEST_F(ServerConnectionTest, DrainsInTwoSteps) {
  service.handler = [](ServerCall& call) -> Task<void> {
    co_await call.read();
    co_await call.finish(Status());
  };
  start();
  request(1);
  peer->take();
  Started<void> drain(server->shut_down(10s));
  loop.poll();
  std::vector<Frame> frames = peer->take();
  ASSERT_EQ(frames.size(), 2u);
  EXPECT_EQ(frames[0].type, NGHTTP2_GOAWAY);
  EXPECT_EQ(frames[0].number(), 0x7fffffffu);
  EXPECT_EQ(frames[1].type, NGHTTP2_PING);
  request(3);
  EXPECT_EQ(service.started, 2) << "a request that crossed the notice is served";
  peer->frame(NGHTTP2_PING, NGHTTP2_FLAG_ACK, 0, frames[1].payload);
  frames = peer->take(NGHTTP2_GOAWAY);
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_EQ(frames[0].number(), 3u);
  EXPECT_EQ(frames[0].number(4), static_cast<std::uint32_t>(NGHTTP2_NO_ERROR));
  EXPECT_FALSE(drain.done());
  peer->data(1, "", true);
  EXPECT_THAT(answer(1).last_fields.get("grpc-status"), Optional(std::string_view("0")));
  EXPECT_FALSE(drain.done());
  peer->data(3, "", true);
  EXPECT_TRUE(peer->ended());
  EXPECT_TRUE(drain.done());
  server.reset();
}

TEST_F(ServerConnectionTest, CancelsWhatOutlivesTheGrace) {
  service.handler = ignore;
  start();
  request(1);
  Started<void> drain(server->shut_down(10s));
  advance(9s);
  EXPECT_FALSE(drain.done());
  advance(2s);
  advance(2s);
  EXPECT_TRUE(drain.done());
  EXPECT_EQ(service.returned, 1);
  server.reset();
}

struct Garbage {
  const char* name;
  std::string bytes;
};

TEST_F(ServerConnectionTest, EndsOnBytesThatAreNoHttp2) {
  const Garbage kGarbage[] = {
      {"HTTP/1.1", "GET / HTTP/1.1\r\nhost: x\r\n\r\n"},
      {"zeros", std::string(100, '\0')},
      {"half a magic", "PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n"},
  };
  for (const Garbage& each : kGarbage) {
    server = std::make_unique<Server>(loop, ServerOptions());
    auto [ours, theirs] = memory_pair(loop);
    server->serve(std::move(theirs));
    peer.emplace(loop, std::move(ours), ScriptedPeer::Side::Client);
    peer->raw(each.bytes);
    advance(2s);
    EXPECT_TRUE(peer->ended()) << each.name;
    EXPECT_EQ(server->connections(), 0u) << each.name;
    TearDown();
    server.reset();
  }
}

TEST_F(ServerConnectionTest, TellsWhyItEndsABrokenConnection) {
  start();
  peer->frame(NGHTTP2_DATA, 0, 0, "data on stream 0");
  const auto goaways = peer->take(NGHTTP2_GOAWAY);
  ASSERT_EQ(goaways.size(), 1u);
  EXPECT_EQ(goaways[0].number(4), static_cast<std::uint32_t>(NGHTTP2_PROTOCOL_ERROR));
  EXPECT_TRUE(peer->ended());
}

TEST_F(ServerConnectionTest, EndsAClientThatNeverGreets) {
  server = std::make_unique<Server>(loop, ServerOptions());
  auto [ours, theirs] = memory_pair(loop);
  server->serve(std::move(theirs));
  peer.emplace(loop, std::move(ours), ScriptedPeer::Side::Client);
  peer->raw("PRI * HTTP/2.0");
  advance(119s);
  EXPECT_EQ(server->connections(), 1u);
  advance(2s);
  advance(2s);
  EXPECT_EQ(server->connections(), 0u);
}

TEST_F(ServerConnectionTest, EndsAFloodOfEmptyFrames) {
  start();
  request(1);
  for (int i = 0; i < 1000; ++i) peer->data(1, "", false);
  EXPECT_FALSE(peer->ended());
  peer->data(1, "", false);
  EXPECT_TRUE(peer->ended());
  const auto goaways = peer->take(NGHTTP2_GOAWAY);
  ASSERT_EQ(goaways.size(), 1u);
  EXPECT_EQ(goaways[0].number(4), static_cast<std::uint32_t>(NGHTTP2_ENHANCE_YOUR_CALM));
}

TEST_F(ServerConnectionTest, LimitsHandlersThatOutliveTheirStreams) {
  WaitQueue released(loop);
  service.handler = [&released](ServerCall&) -> Task<void> { co_await released.wait().with_stop(StopToken()); };
  ServerOptions options;
  options.http2.max_concurrent_streams = 5;
  start(options);
  for (std::int32_t stream = 1; stream < 60; stream += 2) {
    request(stream);
    peer->reset(stream, NGHTTP2_CANCEL);
  }
  EXPECT_EQ(service.started, 10);
  released.notify_all();
  loop.poll();
  EXPECT_EQ(service.returned, 10);
}

}  // namespace
}  // namespace sluice::rpc::testing
