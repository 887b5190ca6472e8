// Servers that attack a client: it keeps little, tells them why it closes their connection, and calls the others.
#include <gmock/gmock.h>

#include <vector>

#include "rpc_core/call/unary.h"
#include "tests/rpc_core/http2/attack.h"
#include "tests/rpc_core/http2/client_fixture.h"

namespace sluice::rpc::testing {
namespace {

using namespace std::chrono_literals;
using enum http2::ErrorCode;

void send_head(ScriptedPeer& peer, int i) {
  if (i == 0) peer.headers(1, response_head(), false);
}

const std::vector<Attack> kAttacks = {
    {"pings", [](ScriptedPeer& peer, int) { peer.frame(NGHTTP2_PING, 0, 0, "12345678"); }, 1010, EnhanceYourCalm,
     "too_many_pings"},
    {"settings", [](ScriptedPeer& peer, int) { peer.frame(NGHTTP2_SETTINGS, 0, 0, ""); }, 110, EnhanceYourCalm,
     "too_many_settings"},
    {"settings of too many entries",
     [](ScriptedPeer& peer, int) { peer.frame(NGHTTP2_SETTINGS, 0, 0, std::string(6 * 40, '\0')); }, 1, EnhanceYourCalm,
     "SETTINGS: too many setting entries"},
    {"empty data",
     [](ScriptedPeer& peer, int i) {
       send_head(peer, i);
       peer.data(1, "", false);
     },
     1010, EnhanceYourCalm, "too_little_data"},
    {"tiny data",
     [](ScriptedPeer& peer, int i) {
       send_head(peer, i);
       peer.data(1, i == 0 ? std::string("\0\0\x10\0\0", 5) : "x", false);
     },
     10'010, EnhanceYourCalm, "too_little_data"},
    {"1xx responses without an end",
     [](ScriptedPeer& peer, int) {
       peer.headers(1, Metadata{{":status", "103"}, {"link", std::string(1000, 'x')}}, false);
     },
     110, EnhanceYourCalm, "too_many_informational_responses"},
    {"a header block without an end",
     [](ScriptedPeer& peer, int i) {
       peer.frame(i == 0 ? NGHTTP2_HEADERS : NGHTTP2_CONTINUATION, 0, 1, i == 0 ? "\x88" : "\x90");
     },
     20, EnhanceYourCalm, ""},
    {"bytes that HPACK cannot read",
     [](ScriptedPeer& peer, int) { peer.frame(NGHTTP2_HEADERS, NGHTTP2_FLAG_END_HEADERS, 1, "\xff\xff\xff\xff\xff"); },
     1, CompressionError, ""},
    {"too large a table",
     [](ScriptedPeer& peer, int) { peer.frame(NGHTTP2_HEADERS, NGHTTP2_FLAG_END_HEADERS, 1, "\x3f\xff\xff\x03"); }, 1,
     CompressionError, ""},
    {"pushed responses",
     [](ScriptedPeer& peer, int) {
       peer.frame(NGHTTP2_PUSH_PROMISE, NGHTTP2_FLAG_END_HEADERS, 1, std::string("\0\0\0\2\x82\x86\x84", 7));
     },
     1, ProtocolError, ""},
};

class ClientAttackTest : public ClientFixture {
 protected:
  ClientAttackTest() {
    service.handler = echo;
    honest.add(service);
    ChannelOptions options;
    options.connector = [this](Loop& on, Endpoint) { return connect_honest(on); };
    other = *Channel::create(loop, "127.0.0.1:2", std::move(options));
  }
  Task<Result<std::unique_ptr<ByteStream>>> connect_honest(Loop& on) {
    auto [ours, theirs] = memory_pair(on);
    honest.serve(std::move(theirs));
    co_return std::move(ours);
  }
  void expect_served(const char* name) {
    CallOptions options;
    const Result<Buffer> reply = run(call_unary(*other, kRawPath, message("hi"), options, nullptr));
    ASSERT_TRUE(reply) << name << ": " << reply.error().to_string();
    EXPECT_EQ(reply->text(), "hi");
  }
  void TearDown() override {
    run(other->shut_down());
    run(honest.shut_down(Duration::zero()));
    ClientFixture::TearDown();
  }

  RawService service;
  Server honest{loop, {}};
  std::unique_ptr<Channel> other;
};

TEST_F(ClientAttackTest, EndsTheAttackersConnectionAndNoOther) {
  for (const Attack& attack : kAttacks) {
    start();
    // It has been written, and reads nothing.
    const std::unique_ptr<Call> call = channel->start(kRawPath, {});
    Started<bool> writing(call->write(message("hi")));
    settle();
    peer().take();
    expect_end(attack, loop, peer());
    EXPECT_EQ(run(call->finish()).code(), StatusCode::Unavailable) << attack.name;
    expect_served(attack.name);
    run(channel->shut_down());
  }
}

TEST_F(ClientAttackTest, ReadsNoMoreOfABombThanItsLimit) {
  start();
  const std::size_t heap = heap_bytes();
  for (std::int32_t stream = 1; stream < 41; stream += 2) {
    const auto running = started();
    send_hpack_bomb(peer(), stream, "\x88");
    ASSERT_TRUE(running->done());
    EXPECT_EQ(running->get().status.code(), StatusCode::ResourceExhausted);
  }
  EXPECT_LT(heap_bytes(), heap + kMostHeapBytes);
  expect_served("bomb");
}

TEST_F(ClientAttackTest, RefusesTrailersBeyondTheLimit) {
  start();
  const auto running = started();
  Metadata trailers = status_trailers(0);
  for (int i = 0; i < 10; ++i) trailers.add("x-" + std::to_string(i), std::string(7000, 'x'));
  peer().headers(1, response_head(), false);
  peer().headers(1, trailers, true);
  ASSERT_TRUE(running->done());
  EXPECT_EQ(running->get().status.code(), StatusCode::ResourceExhausted);
}

TEST_F(ClientAttackTest, EndsAUnaryCallAtTheSecondMessage) {
  start();
  CallOptions options;
  Started<Result<Buffer>> running(call_unary(*channel, kRawPath, message("hi"), options, nullptr));
  settle();
  peer().headers(1, response_head(), false);
  peer().data(1, framed("one"), false);
  EXPECT_FALSE(running.done());
  peer().data(1, framed("two"), false);
  ASSERT_TRUE(running.done());
  EXPECT_EQ(running.get().error().code(), StatusCode::Unimplemented);
  EXPECT_EQ(peer().take(NGHTTP2_RST_STREAM, 1).size(), 1u);
}

// What is read goes through; nothing of it stays.
TEST_F(ClientAttackTest, KeepsNothingOfAResponseWithoutAnEnd) {
  start();
  const std::unique_ptr<Call> call = channel->start(kRawPath, {});
  Started<Status> finishing(call->finish());
  settle();
  peer().headers(1, response_head(), false);
  const std::size_t heap = heap_bytes();
  for (int i = 0; i < 1000; ++i) {
    peer().data(1, framed(std::string(60'000, 'x')), false);
    peer().take();
  }
  EXPECT_LT(heap_bytes(), heap + kMostHeapBytes);
  EXPECT_FALSE(finishing.done());
  peer().reset(1, NGHTTP2_CANCEL);
  EXPECT_EQ(finishing.get().code(), StatusCode::Cancelled);
}

TEST_F(ClientAttackTest, GivesUpAServerThatNeverGreets) {
  start();
  Started<Outcome> running(call("hi", {.wait_for_ready = false}));
  loop.poll();
  pending_settings.reset();
  advance(19s);
  EXPECT_FALSE(running.done());
  advance(2s);
  advance(2s);
  ASSERT_TRUE(running.done());
  EXPECT_EQ(running.get().status.code(), StatusCode::Unavailable);
  EXPECT_TRUE(peers.front()->ended());
}

TEST_F(ClientAttackTest, GivesUpHeadersThatDoNotEnd) {
  start();
  const auto running = started();
  peer().frame(NGHTTP2_HEADERS, 0, 1, "\x88");
  advance(59s);
  EXPECT_FALSE(peer().ended());
  advance(2s);
  EXPECT_TRUE(peer().ended());
  ASSERT_TRUE(running->done());
  EXPECT_EQ(running->get().status.code(), StatusCode::Unavailable);
}

// It never opens its windows: what the calls have given away to be sent waits, but not for ever.
TEST_F(ClientAttackTest, GivesUpAServerThatTakesNothing) {
  start({{NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, 0}});
  std::vector<std::unique_ptr<Started<Outcome>>> calls;
  for (int i = 0; i < 20; ++i) calls.push_back(started(std::string(1 << 20, 'x')));
  advance(119s);
  EXPECT_FALSE(peer().ended());
  advance(2s);
  EXPECT_TRUE(peer().ended());
  const auto goaway = peer().take(NGHTTP2_GOAWAY);
  ASSERT_FALSE(goaway.empty());
  EXPECT_EQ(goaway[0].number(4), static_cast<std::uint32_t>(NGHTTP2_ENHANCE_YOUR_CALM));
  for (const auto& each : calls) {
    ASSERT_TRUE(each->done());
    EXPECT_EQ(each->get().status.code(), StatusCode::Unavailable);
  }
}

}  // namespace
}  // namespace sluice::rpc::testing
