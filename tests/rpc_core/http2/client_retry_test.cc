// Streams that the server has not looked at are sent again, once where it refused them, and nobody notices.
#include <gmock/gmock.h>

#include "tests/rpc_core/http2/client_fixture.h"

namespace sluice::rpc::testing {
namespace {

using ::testing::SizeIs;

using ClientRetryTest = ClientFixture;

void answer_well(ScriptedPeer& peer, std::int32_t stream) {
  peer.headers(stream, response_head(), false);
  peer.data(stream, framed("ok"), false);
  peer.headers(stream, status_trailers(0), true);
}

Task<void> write_three(Call& call) {
  for (int i = 0; i < 3; ++i) co_await call.write(message(std::string(70'000, 'x')));
  co_await call.finish_writing();
}

TEST_F(ClientRetryTest, SendsARefusedStreamAgain) {
  for (const std::size_t size : {std::size_t{2}, std::size_t{5000}, std::size_t{60'000}}) {
    start();
    const std::string request(size, 'x');
    const auto running = started(request);
    EXPECT_TRUE(body(peer().take(), 1) == framed(request));
    peer().window_update(0, 100'000);
    peer().reset(1, NGHTTP2_REFUSED_STREAM);
    EXPECT_FALSE(running->done());
    EXPECT_TRUE(body(peer().take(), 3) == framed(request)) << size;
    answer_well(peer(), 3);
    ASSERT_TRUE(running->done());
    const Outcome outcome = running->get();
    EXPECT_EQ(outcome.status, Status());
    EXPECT_THAT(outcome.messages, SizeIs(1));
    TearDown();
  }
}

TEST_F(ClientRetryTest, SendsWhatWasNotSentYetAsWell) {
  start();
  const std::string request(200'000, 'x');
  const auto running = started(request);
  EXPECT_EQ(body(peer().take(), 1).size(), 65'535u);
  peer().reset(1, NGHTTP2_REFUSED_STREAM);
  peer().window_update(0, 1'000'000);
  std::string got = body(peer().take(), 3);
  EXPECT_EQ(got.size(), 65'535u);
  peer().window_update(3, 1'000'000);
  got += body(peer().take(), 3);
  EXPECT_TRUE(got == framed(request));
  answer_well(peer(), 3);
  EXPECT_EQ(running->get().status, Status());
}

TEST_F(ClientRetryTest, GivesUpWhenItIsRefusedTwice) {
  start();
  const auto running = started();
  peer().reset(1, NGHTTP2_REFUSED_STREAM);
  EXPECT_FALSE(running->done());
  peer().reset(3, NGHTTP2_REFUSED_STREAM);
  ASSERT_TRUE(running->done());
  EXPECT_EQ(running->get().status.code(), StatusCode::Unavailable);
}

TEST_F(ClientRetryTest, DoesNotKeepMoreThanItsLimit) {
  start();
  const auto running = started(std::string(300'000, 'x'));
  peer().window_update(0, 1'000'000);
  peer().window_update(1, 1'000'000);
  EXPECT_EQ(body(peer().take(), 1).size(), 300'005u);
  peer().reset(1, NGHTTP2_REFUSED_STREAM);
  ASSERT_TRUE(running->done());
  EXPECT_EQ(running->get().status.code(), StatusCode::Unavailable);
}

TEST_F(ClientRetryTest, DoesNotSendAgainWhatHasBeenAnswered) {
  start();
  const auto running = started();
  peer().headers(1, response_head(), false);
  peer().reset(1, NGHTTP2_REFUSED_STREAM);
  ASSERT_TRUE(running->done());
  EXPECT_EQ(running->get().status.code(), StatusCode::Unavailable);
  EXPECT_THAT(peer().take(NGHTTP2_HEADERS, 3), SizeIs(0));
}

TEST_F(ClientRetryTest, MovesWhatAGoawayLeavesBehindToANewConnection) {
  start();
  const auto served = started("served");
  const auto left = started("left");
  peer().take();
  peer().goaway(1, NGHTTP2_NO_ERROR);
  settle();
  ASSERT_THAT(peers, SizeIs(2));
  EXPECT_FALSE(served->done());
  EXPECT_FALSE(left->done());
  EXPECT_EQ(body(peers[1]->take(), 1), framed("left"));
  answer_well(*peers[1], 1);
  EXPECT_EQ(left->get().status, Status());
  answer_well(*peers[0], 1);
  EXPECT_EQ(served->get().status, Status());
  EXPECT_TRUE(peers[0]->ended()) << "nothing runs there any more";
}

TEST_F(ClientRetryTest, MovesWhatWaitsForASlotToANewConnection) {
  start({{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, 1}});
  const auto served = started("served");
  const auto queued = started("queued");
  peer().goaway(1, NGHTTP2_NO_ERROR);
  settle();
  ASSERT_THAT(peers, SizeIs(2));
  EXPECT_EQ(body(peers[1]->take(), 1), framed("queued"));
  answer_well(*peers[1], 1);
  EXPECT_EQ(queued->get().status, Status());
  answer_well(*peers[0], 1);
  EXPECT_EQ(served->get().status, Status());
  EXPECT_TRUE(peers[0]->ended());
}

TEST_F(ClientRetryTest, MovesTheWriterAsWell) {
  start();
  const auto stream = [this]() -> Task<Status> {
    const std::unique_ptr<Call> call = channel->start(kRawPath, CallOptions());
    const auto both = [&call](TaskGroup& group) -> Task<void> {
      group.spawn(write_three(*call));
      while (std::optional<Buffer> reply = co_await call->read()) continue;
    };
    co_await run_in_group(loop, both);
    co_return co_await call->finish();
  };
  Started<Status> running(stream());
  settle();
  peer().take();
  peer().reset(1, NGHTTP2_REFUSED_STREAM);
  std::string got = body(peer().take(), 3);
  for (int round = 0; round < 10; ++round) {
    peer().window_update(0, 65'535);
    peer().window_update(3, 65'535);
    got += body(peer().take(), 3);
  }
  const std::string part(70'000, 'x');
  EXPECT_TRUE(got == framed(part) + framed(part) + framed(part));
  answer_well(peer(), 3);
  ASSERT_TRUE(running.done());
  EXPECT_EQ(running.get(), Status());
}

}  // namespace
}  // namespace sluice::rpc::testing
