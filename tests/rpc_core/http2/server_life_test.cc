// The timers of a server's connections: keepalive, age, idleness, a drain without an answer, a client that does not
// read.
#include <gmock/gmock.h>

#include "tests/rpc_core/http2/server_fixture.h"
#include "tests/support/stream_io.h"

namespace sluice::rpc::testing {
namespace {

using namespace std::chrono_literals;

class ServerLifeTest : public ServerFixture {
 protected:
  void answer_pings() {
    for (const Frame& each : peer->take(NGHTTP2_PING)) {
      if (each.flags == 0) peer->frame(NGHTTP2_PING, NGHTTP2_FLAG_ACK, 0, each.payload);
    }
  }
};

TEST_F(ServerLifeTest, PingsASilentClientAndGivesItUp) {
  ServerOptions options;
  options.http2.life.keepalive_after = 60s;
  options.http2.life.keepalive_timeout = 5s;
  start(options);
  advance(59s);
  EXPECT_TRUE(peer->take(NGHTTP2_PING).empty());
  advance(2s);
  answer_pings();
  advance(59s);
  EXPECT_FALSE(peer->ended());
  EXPECT_TRUE(peer->take(NGHTTP2_PING).empty());
  advance(10s);
  EXPECT_EQ(peer->take(NGHTTP2_PING).size(), 1u);
  EXPECT_FALSE(peer->ended());
  advance(6s);
  EXPECT_TRUE(peer->ended());
}

TEST_F(ServerLifeTest, DrainsConnectionsAtTheirAge) {
  for (int i = 0; i < 10; ++i) {
    ServerOptions options;
    options.http2.life.max_age = 100s;
    options.http2.life.max_age_grace = 10s;
    start(options);
    request(1);
    peer->take();
    advance(89s);
    EXPECT_TRUE(peer->take(NGHTTP2_GOAWAY).empty());
    advance(22s);
    const auto notice = peer->take();
    ASSERT_EQ(notice.size(), 2u);
    EXPECT_EQ(notice[0].number(), 0x7fffffffu);
    peer->frame(NGHTTP2_PING, NGHTTP2_FLAG_ACK, 0, notice[1].payload);
    const auto goaway = peer->take(NGHTTP2_GOAWAY);
    ASSERT_EQ(goaway.size(), 1u);
    EXPECT_EQ(goaway[0].payload.substr(8), "max_age");
    EXPECT_FALSE(peer->ended()) << "the call still runs";
    advance(11s);
    EXPECT_TRUE(peer->ended()) << "the grace is over";
    EXPECT_EQ(service.started, service.returned);
    peer.reset();
    run(server->shut_down(Duration::zero()));
  }
  server.reset();
}

TEST_F(ServerLifeTest, DoesNotWaitLongForTheAnswerToItsNotice) {
  start();
  request(1);
  Started<void> drain(server->shut_down(1h));
  loop.poll();
  peer->take();
  advance(6s);
  const auto goaway = peer->take(NGHTTP2_GOAWAY);
  ASSERT_EQ(goaway.size(), 1u);
  EXPECT_EQ(goaway[0].number(), 1u);
  peer->data(1, "", true);
  EXPECT_TRUE(drain.done());
  server.reset();
}

TEST_F(ServerLifeTest, EndsIdleConnections) {
  ServerOptions options;
  options.http2.life.max_idle = 60s;
  start(options);
  advance(50s);
  request(1);
  advance(100s);
  EXPECT_TRUE(peer->take(NGHTTP2_GOAWAY).empty()) << "a call runs";
  peer->data(1, "", true);
  advance(55s);
  EXPECT_TRUE(peer->take(NGHTTP2_GOAWAY).empty());
  advance(6s);
  answer_pings();
  const auto goaway = peer->take(NGHTTP2_GOAWAY);
  ASSERT_EQ(goaway.size(), 1u);
  EXPECT_EQ(goaway[0].payload.substr(8), "max_idle");
  EXPECT_TRUE(peer->ended());
}

// The client has opened its windows wide, and then reads nothing.
TEST_F(ServerLifeTest, GivesUpAClientThatDoesNotRead) {
  service.handler = [](ServerCall& call) -> Task<void> {
    bool sent = true;
    while (sent) sent = co_await call.write(message(std::string(10'000, 'x')));
  };
  ServerOptions options;
  options.http2.life.write_timeout = 30s;
  server = std::make_unique<Server>(loop, options);
  server->add(service);
  auto [ours, theirs] = memory_pair(loop, {.capacity = 100'000});
  server->serve(std::move(theirs));
  const std::string greeting("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\6\4\0\0\0\0\0\0\4\x7f\xff\xff\xff", 24 + 15);
  const std::string window("\0\0\4\x8\0\0\0\0\0\x70\0\0\0", 13);
  const std::string fields = std::string("\x83\x86\x04\x0e/test.Raw/Call\x01\x01", 20) +
                             "a\x0f\x10\x10"
                             "application/grpc";
  const std::string head("\0\0\0\1\4\0\0\0\1", 9);
  std::string request = head + fields;
  request[2] = static_cast<char>(fields.size());
  run(write_text(*ours, greeting + window + request));
  EXPECT_EQ(service.started, 1);
  advance(29s);
  EXPECT_EQ(server->connections(), 1u);
  advance(2s);
  EXPECT_EQ(server->connections(), 0u);
  EXPECT_EQ(service.returned, 1);
}

}  // namespace
}  // namespace sluice::rpc::testing
