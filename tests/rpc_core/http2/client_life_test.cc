// The life of a channel's connections: keepalive, ids that run out, several connections, states that can be watched.
#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "tests/rpc_core/http2/client_fixture.h"

namespace sluice::rpc::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ClientLifeTest : public ClientFixture {
 protected:
  void answer(std::int32_t stream) {
    peer().headers(stream, response_head(), false);
    peer().headers(stream, status_trailers(0), true);
  }

  static ChannelOptions with_keepalive(Duration after) {
    ChannelOptions options;
    options.subchannel.http2.life.keepalive_after = after;
    options.subchannel.http2.life.keepalive_timeout = 5s;
    return options;
  }
};

TEST_F(ClientLifeTest, PingsWhileACallRunsAndGivesUpAPeerThatIsGone) {
  start({}, with_keepalive(20s));
  const auto running = started();
  peer().take();
  advance(21s);
  const auto pings = peer().take(NGHTTP2_PING);
  ASSERT_EQ(pings.size(), 1u);
  peer().frame(NGHTTP2_PING, NGHTTP2_FLAG_ACK, 0, pings[0].payload);
  advance(19s);
  EXPECT_FALSE(running->done());
  advance(10s);
  EXPECT_EQ(peer().take(NGHTTP2_PING).size(), 1u);
  advance(6s);
  ASSERT_TRUE(running->done());
  EXPECT_EQ(running->get().status.code(), StatusCode::Unavailable);
}

TEST_F(ClientLifeTest, DoesNotPingWithoutCallsNorMoreOftenThanEveryTenSeconds) {
  start({}, with_keepalive(1s));
  const auto running = started();
  peer().take();
  advance(9s);
  EXPECT_TRUE(peer().take(NGHTTP2_PING).empty());
  answer(1);
  EXPECT_TRUE(running->done());
  for (int i = 0; i < 10; ++i) advance(10s);
  EXPECT_TRUE(peer().take(NGHTTP2_PING).empty());
}

TEST_F(ClientLifeTest, PingsLessWhenTheServerSaysSo) {
  start({}, with_keepalive(10s));
  const auto running = started();
  peer().frame(NGHTTP2_GOAWAY, 0, 0, std::string("\0\0\0\1\0\0\0\x0b", 8) + "too_many_pings");
  answer(1);
  ASSERT_TRUE(running->done());
  loop.poll();
  const auto next = started();
  ASSERT_EQ(peers.size(), 2u);
  peer().take();
  advance(19s);
  EXPECT_TRUE(peer().take(NGHTTP2_PING).empty());
  advance(2s);
  EXPECT_EQ(peer().take(NGHTTP2_PING).size(), 1u);
  answer(1);
  EXPECT_TRUE(next->done());
}

TEST_F(ClientLifeTest, ReplacesAConnectionWhoseIdsRunOut) {
  ChannelOptions options;
  options.subchannel.http2.last_stream_id = 3;
  start({}, std::move(options));
  for (const std::int32_t id : {1, 3, 1}) {
    const auto running = started();
    answer(id);
    EXPECT_TRUE(running->done()) << id;
  }
  EXPECT_EQ(peers.size(), 2u);
}

TEST_F(ClientLifeTest, SpreadsCallsOverSeveralConnections) {
  ChannelOptions options;
  options.connections = 2;
  start({}, std::move(options));
  channel->connect();
  loop.poll();
  pending_settings.reset();
  for (const auto& each : peers) each->greet();
  const auto first = started();
  const auto second = started();
  const auto third = started();
  ASSERT_EQ(peers.size(), 2u);
  std::size_t requests = 0;
  for (const auto& each : peers) {
    const std::size_t here = each->take(NGHTTP2_HEADERS).size();
    EXPECT_GE(here, 1u);
    requests += here;
  }
  EXPECT_EQ(requests, 3u);
  run(channel->shut_down());
  EXPECT_TRUE(first->done() && second->done() && third->done());
}

Task<void> watch(Channel& channel, std::vector<ConnectivityState>& seen) {
  bool going = true;
  while (going) {
    seen.push_back(channel.state());
    going = co_await channel.wait_for_state_change(seen.back());
  }
}

TEST_F(ClientLifeTest, ItsStateCanBeWatched) {
  using enum ConnectivityState;
  start();
  std::vector<ConnectivityState> seen;
  Started<void> watching(watch(*channel, seen));
  channel->connect();
  settle();
  loop.poll();
  peer().close();
  loop.poll();
  EXPECT_THAT(seen, ElementsAre(Idle, Connecting, Ready, TransientFailure)) << "lost at once: a failed attempt";
  advance(2s);
  settle();
  loop.poll();
  advance(10s);
  peer().goaway(0, 0);
  loop.poll();
  EXPECT_THAT(seen, ElementsAre(Idle, Connecting, Ready, TransientFailure, Connecting, Ready, Idle));
  watching.request_stop();
  loop.poll();
}

// gRFC A62: a backend that hangs costs the first calls their time, and no others.
TEST_F(ClientLifeTest, FailsAtOnceWhileItTriesAgain) {
  start();
  Started<Outcome> first(call("waits for the first attempt"));
  advance(19s);
  EXPECT_FALSE(first.done());
  advance(2s);
  ASSERT_TRUE(first.done());
  EXPECT_EQ(first.get().status.code(), StatusCode::Unavailable);
  advance(2s);
  EXPECT_EQ(channel->state(), ConnectivityState::Connecting);
  Started<Outcome> second(call("does not wait for the next"));
  loop.poll();
  ASSERT_TRUE(second.done());
  EXPECT_THAT(second.get().status.message(), HasSubstr("within the connect timeout"));
  const auto patient = started("waits", {.wait_for_ready = true});
  answer(1);
  ASSERT_TRUE(patient->done());
  EXPECT_TRUE(patient->get().status.ok());
  const auto after = started();
  answer(3);
  EXPECT_TRUE(after->done());
}

// The server's frames, too, are counted.
TEST_F(ClientLifeTest, EndsTheConnectionOfAServerThatFloods) {
  start();
  const auto running = started();
  for (int i = 0; i < 110 && !peer().ended(); ++i) peer().frame(NGHTTP2_SETTINGS, 0, 0, "");
  EXPECT_TRUE(peer().ended());
  const auto goaway = peer().take(NGHTTP2_GOAWAY);
  ASSERT_FALSE(goaway.empty());
  EXPECT_EQ(goaway[0].payload.substr(8), "too_many_settings");
  ASSERT_TRUE(running->done());
  EXPECT_EQ(running->get().status.code(), StatusCode::Unavailable);
}

}  // namespace
}  // namespace sluice::rpc::testing
