// What a stream may let wait before its writer does: its part of the connection's, by how many streams send.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "rpc_core/http2/session.h"
#include "tests/support/loop_fixture.h"

namespace sluice::rpc::testing {
namespace {

constexpr std::size_t kMost = 64 * 1024;

class SendShareTest : public LoopFixture {
 protected:
  struct Flush final : Wakeup {};

  http2::StreamPtr open() {
    http2::StreamPtr stream = session.open();
    stream->send_headers({{":method", "POST"}, {":path", "/"}, {":scheme", "http"}, {":authority", "a"}}, false);
    return stream;
  }
  static void send(http2::StreamPtr& stream, std::size_t bytes) {
    stream->send_data(Buffer::copy_of(std::string(bytes, 'x')), false);
  }
  void drain() {
    http2::Output output;
    EXPECT_TRUE(session.drain(output, 1 << 20));
  }

  Flush flush;
  http2::Session session{loop, http2::Role::Client, http2::SessionOptions(), flush};
};

TEST_F(SendShareTest, IsAllOfItForOneStream) {
  http2::StreamPtr stream = open();
  send(stream, kMost);
  EXPECT_FALSE(stream->crowded(kMost));
  send(stream, 1);
  EXPECT_TRUE(stream->crowded(kMost));
}

TEST_F(SendShareTest, IsAPartWhileOthersSend) {
  http2::StreamPtr first = open();
  http2::StreamPtr second = open();
  send(first, 100);
  send(second, 100);
  drain();
  send(first, kMost / 2);
  EXPECT_FALSE(first->crowded(kMost));
  send(first, 1);
  EXPECT_TRUE(first->crowded(kMost));
  EXPECT_FALSE(second->crowded(kMost));
}

TEST_F(SendShareTest, GrowsAgainWhenTheOthersAreSilent) {
  http2::StreamPtr first = open();
  http2::StreamPtr second = open();
  send(first, 100);
  send(second, 100);
  drain();
  send(first, 100);
  drain();
  send(first, kMost / 2 + 1);
  EXPECT_FALSE(first->crowded(kMost));
}

TEST_F(SendShareTest, IsNeverLessThanAFrameOrThanTheLimitItself) {
  std::vector<http2::StreamPtr> streams;
  for (int i = 0; i < 50; ++i) send(streams.emplace_back(open()), 100);
  drain();
  send(streams[0], 16 * 1024);
  EXPECT_FALSE(streams[0]->crowded(kMost));
  EXPECT_TRUE(streams[0]->crowded(1000));
  send(streams[0], 1);
  EXPECT_TRUE(streams[0]->crowded(kMost));
}

}  // namespace
}  // namespace sluice::rpc::testing
