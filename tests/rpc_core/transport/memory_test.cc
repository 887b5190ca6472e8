// Tests of the memory streams: content, back-pressure, half-close, close, and a failure at each operation.
#include "rpc_core/transport/memory.h"

#include <array>
#include <string>
#include <vector>

#include "rpc_core/base/buffer.h"
#include "tests/support/loop_fixture.h"
#include "tests/support/stream_io.h"

namespace sluice::rpc {
namespace {

using testing::LoopFixture;
using testing::read_all;
using testing::ReadAll;
using testing::Started;
using testing::write_text;

class MemoryStreamTest : public LoopFixture {
 protected:
  void connect(MemoryStreamOptions options = {}) { std::tie(near, far) = memory_pair(loop, options); }

  // One read of at most that many bytes.
  static Task<Result<std::string>> read_once(ByteStream& stream, std::size_t most) {
    std::vector<std::byte> into(most);
    const Result<std::size_t> count = co_await stream.read_some(into);
    if (!count) co_return fail(count.error());
    co_return std::string(reinterpret_cast<const char*>(into.data()), *count);
  }

  std::unique_ptr<ByteStream> near;
  std::unique_ptr<ByteStream> far;
};

std::string long_text(std::size_t size) {
  std::string text(size, '\0');
  for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>('a' + i % 23);
  return text;
}

Task<Result<std::size_t>> write_pieces(ByteStream& stream, std::vector<std::string> pieces) {
  std::vector<std::span<const std::byte>> views;
  for (const std::string& piece : pieces) views.push_back(std::as_bytes(std::span(piece)));
  co_return co_await stream.write(views);
}

TEST_F(MemoryStreamTest, DeliversPiecesInOrderBothWays) {
  connect();
  Started<Result<std::size_t>> write(write_pieces(*near, {"ab", "", "cde", "f"}));
  Started<Result<std::size_t>> back(write_text(*far, "back"));
  loop.poll();
  EXPECT_EQ(write.get(), 6u);
  EXPECT_EQ(run(read_once(*far, 4)), "abcd");
  EXPECT_EQ(run(read_once(*far, 100)), "ef");
  EXPECT_EQ(run(read_once(*near, 100)), "back");
  EXPECT_EQ(near->peer().endpoint.to_string(), "unix:memory");
}

TEST_F(MemoryStreamTest, WritingNothingGivesZero) {
  connect();
  EXPECT_EQ(run(write_pieces(*near, {})), 0u);
  EXPECT_EQ(run(write_pieces(*near, {""})), 0u);
}

TEST_F(MemoryStreamTest, AReadWaitsForBytes) {
  connect();
  Started<Result<std::string>> read(read_once(*far, 10));
  loop.poll();
  EXPECT_FALSE(read.done());
  EXPECT_EQ(run(write_text(*near, "late")), 4u);
  loop.poll();
  EXPECT_EQ(read.get(), "late");
}

TEST_F(MemoryStreamTest, DeliversByteByByte) {
  connect({.largest_read = 1});
  Started<Result<std::size_t>> write(write_text(*near, "bytes"));
  loop.poll();
  for (const char* expected : {"b", "y", "t", "e", "s"}) EXPECT_EQ(run(read_once(*far, 100)), expected);
}

TEST_F(MemoryStreamTest, AWriterWaitsBeyondTheCapacity) {
  connect({.capacity = 10});
  Started<Result<std::size_t>> write(write_text(*near, long_text(25)));
  loop.poll();
  EXPECT_FALSE(write.done());
  EXPECT_EQ(run(read_once(*far, 10)), long_text(10));
  loop.poll();
  EXPECT_FALSE(write.done());
  EXPECT_EQ(run(read_once(*far, 5)), long_text(25).substr(10, 5));
  loop.poll();
  EXPECT_TRUE(write.done());
  EXPECT_EQ(write.get(), 25u);
  EXPECT_EQ(run(read_once(*far, 100)), long_text(25).substr(15));
}

TEST_F(MemoryStreamTest, TwoBlockedWritersWaitQuietly) {
  connect({.capacity = 4});
  Started<Result<std::size_t>> there(write_text(*near, "123456"));
  Started<Result<std::size_t>> back(write_text(*far, "abcdef"));
  loop.poll();
  EXPECT_EQ(run(read_once(*near, 4)), "abcd");
  EXPECT_EQ(run(read_once(*far, 4)), "1234");
  loop.poll();
  EXPECT_TRUE(there.done() && back.done());
}

TEST_F(MemoryStreamTest, HalfCloseGivesTheRestThenTheEnd) {
  connect();
  EXPECT_EQ(run(write_text(*near, "rest")), 4u);
  near->shutdown_send();
  EXPECT_EQ(run(read_once(*far, 100)), "rest");
  EXPECT_EQ(run(read_once(*far, 100)), "");
  EXPECT_EQ(run(read_once(*far, 100)), "");
  EXPECT_EQ(run(write_text(*far, "answer")), 6u);
  EXPECT_EQ(run(read_once(*near, 100)), "answer");
  EXPECT_EQ(run(write_text(*near, "x")).error().code(), StatusCode::Unavailable);
}

TEST_F(MemoryStreamTest, HalfCloseEndsAPendingRead) {
  connect();
  Started<Result<std::string>> read(read_once(*far, 10));
  loop.poll();
  near->shutdown_send();
  loop.poll();
  EXPECT_EQ(read.get(), "");
}

TEST_F(MemoryStreamTest, CloseFailsPendingAndLaterOperationsOfBothEnds) {
  connect({.capacity = 2});
  Started<Result<std::string>> near_read(read_once(*near, 1));
  Started<Result<std::size_t>> near_write(write_text(*near, "1234"));
  Started<Result<std::size_t>> far_write(write_text(*far, ""));
  loop.poll();
  near->close();
  EXPECT_FALSE(near_read.done()) << "resumed in line";
  near->close();
  loop.poll();
  EXPECT_EQ(near_read.get().error().origin(), Status::Origin::Transport);
  EXPECT_EQ(near_write.get().error().code(), StatusCode::Unavailable);
  EXPECT_EQ(run(read_once(*near, 1)).error().code(), StatusCode::Unavailable);
  EXPECT_EQ(run(write_text(*far, "x")).error().code(), StatusCode::Unavailable);
  EXPECT_EQ(run(read_once(*far, 2)), "12") << "what was under way still arrives";
  EXPECT_EQ(run(read_once(*far, 1)).error().message(), "the peer closed the connection");
}

TEST_F(MemoryStreamTest, AnEndMayGoAwayWhileTheOtherWaits) {
  connect();
  Started<Result<std::string>> read(read_once(*far, 1));
  near.reset();
  loop.poll();
  EXPECT_EQ(read.get().error().code(), StatusCode::Unavailable);
}

TEST_F(MemoryStreamTest, BothIgnoreTheStopToken) {
  connect();
  Started<Result<std::string>> read(read_once(*far, 1));
  read.request_stop();
  loop.poll();
  EXPECT_FALSE(read.done());
  far->close();
  loop.poll();
}

// Echoes until the end. True: the end was a good one.
Task<bool> echo(ByteStream& stream) {
  std::array<std::byte, 7> bytes;
  Result<std::size_t> count = co_await stream.read_some(bytes);
  while (count && *count != 0) {
    const std::array<std::span<const std::byte>, 1> pieces{std::span<const std::byte>(bytes).first(*count)};
    const Result<std::size_t> written = co_await stream.write(pieces);
    if (!written) co_return false;
    count = co_await stream.read_some(bytes);
  }
  stream.shutdown_send();
  co_return count.has_value();
}

// Sends three texts and reads everything back; counts the operations that worked.
Task<int> converse(ByteStream& stream) {
  int worked = 0;
  for (int i = 0; i < 3; ++i) {
    const Result<std::size_t> written = co_await write_text(stream, "some text");
    if (!written) co_return worked;
    ++worked;
  }
  stream.shutdown_send();
  const ReadAll read = co_await read_all(stream);
  co_return worked + read.reads;
}

TEST_F(MemoryStreamTest, FailsAtEachOperationInTurn) {
  constexpr int kOperations = 3 + 28;  // three writes, 27 bytes one by one, the end
  for (int fail_at = 0; fail_at <= kOperations + 1; ++fail_at) {
    connect({.largest_read = 1, .fail_at = static_cast<std::size_t>(fail_at)});
    Started<bool> server(echo(*far));
    Started<int> client(converse(*near));
    loop.poll();
    const bool fails = fail_at != 0 && fail_at <= kOperations;
    ASSERT_TRUE(server.done() && client.done()) << "fail_at " << fail_at;
    EXPECT_EQ(client.get(), fails ? fail_at - 1 : kOperations) << "fail_at " << fail_at;
    if (fail_at < 4) {
      EXPECT_EQ(server.get(), !fails) << "fail_at " << fail_at;
    }
  }
}

}  // namespace
}  // namespace sluice::rpc
