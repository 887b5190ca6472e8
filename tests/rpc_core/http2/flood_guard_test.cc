// What a peer may do too much of: the rates, and servers and clients that are attacked.
#include "rpc_core/http2/flood_guard.h"

#include <gmock/gmock.h>

#include <functional>
#include <string>
#include <vector>

#include "tests/rpc_core/http2/server_fixture.h"

namespace sluice::rpc::testing {
namespace {

using namespace std::chrono_literals;
using http2::FloodGuard;
using http2::FloodLimits;
using http2::RateBudget;
using ::testing::Optional;

constexpr TimePoint kStart{};

TEST(RateBudget, GivesSoMuchAtOnceAndThenSoMuchASecond) {
  RateBudget budget(3, 2, kStart);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(budget.spend(kStart)) << i;
  EXPECT_FALSE(budget.spend(kStart));
  EXPECT_FALSE(budget.spend(kStart + 400ms));
  EXPECT_TRUE(budget.spend(kStart + 600ms));
  EXPECT_FALSE(budget.spend(kStart + 600ms));
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(budget.spend(kStart + 1h)) << "no more than the burst";
  EXPECT_FALSE(budget.spend(kStart + 1h));
}

TEST(FloodGuard, CountsPingsThatComeTooSoon) {
  struct Row {
    const char* name;
    bool has_streams, allowed_without;
    Duration apart;
    int fine;  // of ten
  };
  for (const Row& row : {Row{"too soon", true, false, 4min, 3}, Row{"in time", true, false, 5min, 10},
                         Row{"idle", false, false, 10min, 3}, Row{"idle, in time", false, false, 2h, 10},
                         Row{"idle, and allowed", false, true, 5min, 10}, Row{"at once", true, true, 0s, 3}}) {
    FloodLimits limits;
    limits.pings_without_streams = row.allowed_without;
    FloodGuard guard(limits, kStart);
    int fine = 0;
    for (int i = 0; i < 10; ++i) fine += guard.ping_received(kStart + i * row.apart, row.has_streams) ? 1 : 0;
    EXPECT_EQ(fine, row.fine) << row.name;
  }
}

TEST(FloodGuard, ForgivesPingsBesideTraffic) {
  FloodGuard guard(FloodLimits(), kStart);
  for (int i = 0; i < 10; ++i) {
    EXPECT_TRUE(guard.ping_received(kStart + 1s, true));
    guard.useful_frame_sent();
  }
}

TEST(FloodGuard, CountsDataThatSaysNothing) {
  FloodLimits limits;
  limits.empty_frames = 2;
  limits.tiny_frames = 4;
  FloodGuard guard(limits, kStart);
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(guard.data_received(5, false));
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(guard.data_received(0, true)) << "an end says something";
  EXPECT_TRUE(guard.data_received(0, false));
  EXPECT_TRUE(guard.data_received(0, false));
  EXPECT_FALSE(guard.data_received(0, false));
  EXPECT_TRUE(guard.data_received(1, false));
  EXPECT_FALSE(guard.data_received(1, false)) << "the empty ones are tiny as well";
}

using FloodTest = ServerFixture;

struct Attack {
  const char* name;
  std::function<void(ScriptedPeer&, int)> once;
  int most;  // more than the limit
  http2::ErrorCode code;
  std::string reason;
};

const std::vector<Attack> kAttacks = {
    {"pings", [](ScriptedPeer& peer, int) { peer.frame(NGHTTP2_PING, 0, 0, "12345678"); }, 5,
     http2::ErrorCode::EnhanceYourCalm, "too_many_pings"},
    {"settings", [](ScriptedPeer& peer, int) { peer.frame(NGHTTP2_SETTINGS, 0, 0, ""); }, 110,
     http2::ErrorCode::EnhanceYourCalm, "too_many_settings"},
    {"empty data", [](ScriptedPeer& peer, int) { peer.data(1, "", false); }, 1010, http2::ErrorCode::EnhanceYourCalm,
     "too_little_data"},
    {"resets of a peer's own streams",
     [](ScriptedPeer& peer, int i) {
       peer.headers(2 * i + 3, request_head(kRawPath), false);
       peer.reset(2 * i + 3, NGHTTP2_CANCEL);
     },
     2010, http2::ErrorCode::EnhanceYourCalm, "too_many_resets"},
    {"streams that we have to reset",
     [](ScriptedPeer& peer, int i) {
       peer.headers(2 * i + 3, request_head(kRawPath), false);
       peer.frame(NGHTTP2_WINDOW_UPDATE, 0, 2 * i + 3, std::string("\x7f\xff\xff\xff", 4));
     },
     1010, http2::ErrorCode::EnhanceYourCalm, "too_many_resets"},
    {"a header block without an end",
     [](ScriptedPeer& peer, int i) { peer.frame(i == 0 ? NGHTTP2_HEADERS : NGHTTP2_CONTINUATION, 0, 3, "\x82"); }, 20,
     http2::ErrorCode::EnhanceYourCalm, ""},
    {"bytes that HPACK cannot read",
     [](ScriptedPeer& peer, int) { peer.frame(NGHTTP2_HEADERS, NGHTTP2_FLAG_END_HEADERS, 3, "\xff\xff\xff\xff\xff"); },
     1, http2::ErrorCode::CompressionError, ""},
    {"too large a table",
     [](ScriptedPeer& peer, int) { peer.frame(NGHTTP2_HEADERS, NGHTTP2_FLAG_END_HEADERS, 3, "\x3f\xff\xff\x03"); }, 1,
     http2::ErrorCode::CompressionError, ""},
    {"settings of too many entries",
     [](ScriptedPeer& peer, int) { peer.frame(NGHTTP2_SETTINGS, 0, 0, std::string(6 * 40, '\0')); }, 1,
     http2::ErrorCode::EnhanceYourCalm, "SETTINGS: too many setting entries"},
};

// A running call of another client goes on, and the attacker's connection ends with the right code.
TEST_F(FloodTest, EndsTheAttackersConnectionAndNoOther) {
  for (const Attack& attack : kAttacks) {
    start();
    auto [ours, theirs] = memory_pair(loop, {.capacity = 16 << 20});
    server->serve(std::move(theirs));
    ScriptedPeer other(loop, std::move(ours), ScriptedPeer::Side::Client);
    other.greet();
    other.headers(1, request_head(kRawPath), false);
    request(1);
    other.take();
    peer->take();
    for (int i = 0; i < attack.most && !peer->ended(); ++i) attack.once(*peer, i);
    loop.poll();
    EXPECT_TRUE(peer->ended()) << attack.name;
    const std::vector<Frame> frames = peer->take(NGHTTP2_GOAWAY);
    ASSERT_FALSE(frames.empty()) << attack.name;
    EXPECT_EQ(frames.back().number(4), static_cast<std::uint32_t>(attack.code)) << attack.name;
    EXPECT_EQ(frames.back().payload.substr(8), attack.reason) << attack.name;
    other.data(1, framed("still served"), true);
    const auto answers = other.take(NGHTTP2_DATA, 1);
    ASSERT_FALSE(answers.empty()) << attack.name;
    EXPECT_EQ(answers[0].payload, framed("still served"));
    EXPECT_EQ(server->connections(), 1u) << attack.name;
    other.close();
    peer.reset();
    run(server->shut_down(Duration::zero()));
    EXPECT_EQ(service.started, service.returned) << attack.name;
  }
  server.reset();
}

TEST_F(FloodTest, ServesNoMoreCallsThanItMay) {
  service.handler = [](ServerCall& call) -> Task<void> {
    co_await call.read();
    co_await call.finish(Status());
  };
  ServerOptions options;
  options.max_running_calls = 1;
  start(options);
  request(1);
  request(3);
  EXPECT_THAT(answer(3).last_fields.get("grpc-status"), Optional(std::string_view("8")));
  EXPECT_EQ(server->running_calls(), 1u);
  peer->data(1, "", true);
  EXPECT_EQ(server->running_calls(), 0u);
  request(5, true);
  EXPECT_THAT(answer(5).last_fields.get("grpc-status"), Optional(std::string_view("0")));
}

}  // namespace
}  // namespace sluice::rpc::testing
