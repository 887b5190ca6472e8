// Ends of a connection that its bytes make: a reader or a writer that throws, a write that fails before the last read.
#include "rpc_core/http2/connection.h"

#include <gmock/gmock.h>

#include <cstring>
#include <new>
#include <string_view>

#include "rpc_core/transport/memory.h"
#include "tests/support/loop_fixture.h"
#include "tests/support/print_status.h"

namespace sluice::rpc::testing {
namespace {

using ::testing::HasSubstr;

struct Pending final : Wakeup {
  explicit Pending(Loop& its_loop) : loop(its_loop) {}
  void complete_soon(Result<std::size_t> its_result) {
    result = std::move(its_result);
    loop.post(*this);
  }
  void on_wakeup() override { std::exchange(operation, nullptr)->complete(std::move(result)); }

  Loop& loop;
  IoOperation* operation = nullptr;
  Result<std::size_t> result = 0;
};

// Throws at the n-th read, or at the n-th write; otherwise nothing comes, and all that is written goes.
class ThrowingStream final : public ByteStream {
 public:
  ThrowingStream(Loop& loop, int read, int write) : reading_(loop), writing_(loop), read_(read), write_(write) {}

  void shutdown_send() override {}
  void write_now(std::span<const std::byte>) override {}
  void close() override {
    if (reading_.operation != nullptr) reading_.complete_soon(fail(StatusCode::Unavailable, "closed"));
  }
  const PeerInfo& peer() const override { return peer_; }

  void start_read(std::span<std::byte>, IoOperation& operation) override {
    if (--read_ == 0) throw std::bad_alloc();
    reading_.operation = &operation;
  }
  void start_write(Pieces pieces, IoOperation& operation) override {
    if (--write_ == 0) throw std::bad_alloc();
    std::size_t size = 0;
    for (const auto& piece : pieces) size += piece.size();
    writing_.operation = &operation;
    writing_.complete_soon(size);
  }

 private:
  Pending reading_;
  Pending writing_;
  int read_;
  int write_;
  PeerInfo peer_;
};

// The first write fails, and the read that is pending gives bytes all the same: they had come already.
class LateStream final : public ByteStream {
 public:
  LateStream(Loop& loop, std::string_view bytes) : reading_(loop), writing_(loop), bytes_(bytes) {}

  void shutdown_send() override {}
  void write_now(std::span<const std::byte>) override {}
  void close() override {}
  const PeerInfo& peer() const override { return peer_; }

  void start_read(std::span<std::byte> into, IoOperation& operation) override {
    std::memcpy(into.data(), bytes_.data(), bytes_.size());
    reading_.operation = &operation;
  }
  void start_write(Pieces, IoOperation& operation) override {
    writing_.operation = &operation;
    writing_.complete_soon(fail(StatusCode::Unavailable, "broken pipe"));
    reading_.complete_soon(bytes_.size());
  }

 private:
  Pending reading_;
  Pending writing_;
  const std::string_view bytes_;
  PeerInfo peer_;
};

using ConnectionTest = LoopFixture;

TEST_F(ConnectionTest, EndsWhenItsReaderOrWriterThrows) {
  for (const auto& [read, write] : {std::pair{1, 0}, std::pair{0, 1}}) {
    http2::Connection connection(loop, std::make_unique<ThrowingStream>(loop, read, write), http2::Role::Client,
                                 http2::SessionOptions());
    const http2::StreamPtr stream = connection.open();
    stream->send_headers({{":method", "POST"}, {":path", "/"}, {":scheme", "http"}, {":authority", "a"}}, true);
    Started<Status> running(connection.run());
    loop.poll();
    ASSERT_TRUE(running.done()) << read << write;
    const Status status = running.get();
    EXPECT_EQ(status.code(), StatusCode::Internal);
    EXPECT_THAT(status.message(), HasSubstr("bad_alloc"));
    EXPECT_TRUE(stream->connection_lost());
    EXPECT_FALSE(connection.alive());
  }
}

TEST_F(ConnectionTest, PassesOverWhatWasReadBeforeAWriteFailed) {
  constexpr std::string_view kSettingsAndReset(
      "\0\0\0\x04\0\0\0\0\0"
      "\0\0\x04\x03\0\0\0\0\x01\0\0\0\x08",
      22);
  http2::Connection connection(loop, std::make_unique<LateStream>(loop, kSettingsAndReset), http2::Role::Client,
                               http2::SessionOptions());
  http2::StreamPtr stream = connection.open();
  stream->send_headers({{":method", "POST"}, {":path", "/"}, {":scheme", "http"}, {":authority", "a"}}, true);
  Started<Status> running(connection.run());
  loop.poll();
  ASSERT_TRUE(running.done());
  EXPECT_EQ(running.get(), Status(StatusCode::Unavailable, "broken pipe"));
  EXPECT_TRUE(stream->connection_lost());
  EXPECT_FALSE(connection.peer_ready());
}

}  // namespace
}  // namespace sluice::rpc::testing
