// Clients that attack a running server: it keeps little, tells them why it closes their connection, and serves the
// others.
#include <gmock/gmock.h>

#include <vector>

#include "tests/rpc_core/http2/attack.h"
#include "tests/rpc_core/http2/server_fixture.h"

namespace sluice::rpc::testing {
namespace {

using enum http2::ErrorCode;
using ::testing::ElementsAre;
using ::testing::Optional;

std::string text(std::uint32_t number) {
  return {static_cast<char>(number >> 24), static_cast<char>(number >> 16), static_cast<char>(number >> 8),
          static_cast<char>(number)};
}

// The i-th of many streams.
std::int32_t stream_of(int i) { return 2 * i + 3; }

const std::vector<Attack> kAttacks = {
    {"pings", [](ScriptedPeer& peer, int) { peer.frame(NGHTTP2_PING, 0, 0, "12345678"); }, 5, EnhanceYourCalm,
     "too_many_pings"},
    {"settings", [](ScriptedPeer& peer, int) { peer.frame(NGHTTP2_SETTINGS, 0, 0, ""); }, 110, EnhanceYourCalm,
     "too_many_settings"},
    {"settings of too many entries",
     [](ScriptedPeer& peer, int) { peer.frame(NGHTTP2_SETTINGS, 0, 0, std::string(6 * 40, '\0')); }, 1, EnhanceYourCalm,
     "SETTINGS: too many setting entries"},
    {"empty data", [](ScriptedPeer& peer, int) { peer.data(1, "", false); }, 1010, EnhanceYourCalm, "too_little_data"},
    {"tiny data", [](ScriptedPeer& peer, int i) { peer.data(1, i == 0 ? std::string("\0\0\x10\0\0", 5) : "x", false); },
     10'010, EnhanceYourCalm, "too_little_data"},
    {"padding without data",
     [](ScriptedPeer& peer, int) { peer.frame(NGHTTP2_DATA, NGHTTP2_FLAG_PADDED, 1, '\xff' + std::string(255, '\0')); },
     1010, EnhanceYourCalm, "too_little_data"},
    {"resets of a peer's own streams",
     [](ScriptedPeer& peer, int i) {
       peer.headers(stream_of(i), request_head(kRawPath), false);
       peer.reset(stream_of(i), NGHTTP2_CANCEL);
     },
     2010, EnhanceYourCalm, "too_many_resets"},
    {"windows that overflow",
     [](ScriptedPeer& peer, int i) {
       peer.headers(stream_of(i), request_head(kRawPath), false);
       peer.window_update(stream_of(i), 0x7fffffff);
     },
     1010, EnhanceYourCalm, "too_many_resets"},
    {"bodies of another length than they say",
     [](ScriptedPeer& peer, int i) {
       Metadata head = request_head(kRawPath);
       head.add("content-length", "3");
       peer.headers(stream_of(i), head, false);
       peer.data(stream_of(i), framed("longer"), true);
     },
     1010, EnhanceYourCalm, "too_many_resets"},
    {"requests that are malformed",
     [](ScriptedPeer& peer, int i) {
       Metadata head = request_head(kRawPath);
       head.add("connection", "close");
       peer.headers(stream_of(i), head, true);
     },
     1010, EnhanceYourCalm, "too_many_resets"},
    {"a header block without an end",
     [](ScriptedPeer& peer, int i) { peer.frame(i == 0 ? NGHTTP2_HEADERS : NGHTTP2_CONTINUATION, 0, 3, "\x82"); }, 20,
     EnhanceYourCalm, ""},
    {"bytes that HPACK cannot read",
     [](ScriptedPeer& peer, int) { peer.frame(NGHTTP2_HEADERS, NGHTTP2_FLAG_END_HEADERS, 3, "\xff\xff\xff\xff\xff"); },
     1, CompressionError, ""},
    {"too large a table",
     [](ScriptedPeer& peer, int) { peer.frame(NGHTTP2_HEADERS, NGHTTP2_FLAG_END_HEADERS, 3, "\x3f\xff\xff\x03"); }, 1,
     CompressionError, ""},
    {"a window that overflows",
     [](ScriptedPeer& peer, int) { peer.frame(NGHTTP2_WINDOW_UPDATE, 0, 0, text(0x7fffffff)); }, 2, FlowControlError,
     ""},
};

class ServerAttackTest : public ServerFixture {
 protected:
  // A client with a call that runs.
  std::unique_ptr<ScriptedPeer> connect_other() {
    auto [ours, theirs] = memory_pair(loop, {.capacity = 16 << 20});
    server->serve(std::move(theirs));
    auto other = std::make_unique<ScriptedPeer>(loop, std::move(ours), ScriptedPeer::Side::Client);
    other->greet();
    other->headers(1, request_head(kRawPath), false);
    other->take();
    return other;
  }
  void expect_served(ScriptedPeer& other, const char* name) {
    other.data(1, framed("still served"), true);
    const auto answers = other.take(NGHTTP2_DATA, 1);
    ASSERT_FALSE(answers.empty()) << name;
    EXPECT_EQ(answers[0].payload, framed("still served")) << name;
  }
};

TEST_F(ServerAttackTest, EndsTheAttackersConnectionAndNoOther) {
  for (const Attack& attack : kAttacks) {
    start();
    const auto other = connect_other();
    request(1);
    peer->take();
    expect_end(attack, loop, *peer);
    expect_served(*other, attack.name);
    EXPECT_EQ(server->connections(), 1u) << attack.name;
    other->close();
    peer.reset();
    run(server->shut_down(Duration::zero()));
    EXPECT_EQ(service.started, service.returned) << attack.name;
  }
  server.reset();
}

TEST_F(ServerAttackTest, ReadsNoMoreOfABombThanItsLimit) {
  start();
  const auto other = connect_other();
  const std::size_t heap = heap_bytes();
  for (std::int32_t stream = 1; stream < 41; stream += 2) {
    send_hpack_bomb(*peer, stream, "\x83\x86\x84\x01\x01y");
    EXPECT_THAT(answer(stream).resets, ElementsAre(static_cast<std::uint32_t>(NGHTTP2_INTERNAL_ERROR)));
  }
  EXPECT_LT(heap_bytes(), heap + kMostHeapBytes);
  EXPECT_EQ(service.started, 1) << "the other one's";
  request(41, true);
  EXPECT_THAT(answer(41).last_fields.get("grpc-status"), Optional(std::string_view("0")));
  expect_served(*other, "bomb");
}

// A client that does not answer our SETTINGS need not know of the limit yet: its streams are refused, for a while.
TEST_F(ServerAttackTest, RefusesSoManyStreams) {
  ServerOptions options;
  options.http2.max_concurrent_streams = 10;
  server = std::make_unique<Server>(loop, options);
  server->add(service);
  auto [ours, theirs] = memory_pair(loop, {.capacity = 16 << 20});
  server->serve(std::move(theirs));
  peer.emplace(loop, std::move(ours), ScriptedPeer::Side::Client);
  peer->greet();
  for (int i = 0; i < 20; ++i) request(2 * i + 1);
  const auto refused = peer->take(NGHTTP2_RST_STREAM);
  ASSERT_EQ(refused.size(), 10u);
  EXPECT_EQ(refused[0].number(), static_cast<std::uint32_t>(NGHTTP2_REFUSED_STREAM));
  EXPECT_EQ(service.started, 10);
  const Attack more = {"streams",
                       [](ScriptedPeer& one, int i) { one.headers(2 * i + 41, request_head(kRawPath), false); }, 2010,
                       EnhanceYourCalm, "too_many_resets"};
  expect_end(more, loop, *peer);
}

TEST_F(ServerAttackTest, ServesNoMoreCallsThanItMay) {
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
