// Tests of writes that are over at once, and of those that have to wait with a part of them gone.
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <utility>

#include "rpc_core/transport/tcp.h"
#include "tests/rpc_core/transport/tls_fixture.h"

namespace sluice::rpc {
namespace {

using testing::read_all;
using testing::ReadAll;
using testing::RealLoopFixture;
using testing::Started;
using testing::TlsFixture;

std::span<const std::byte> bytes_of(const std::string& text) { return std::as_bytes(std::span(text)); }

// The pieces of a write, different from the pieces of others.
struct Text {
  explicit Text(int number)
      : first(700, static_cast<char>('a' + number % 26)), second(5000, static_cast<char>('A' + number % 26)) {}
  std::string first;
  std::string second;
  std::array<std::span<const std::byte>, 2> pieces{bytes_of(first), bytes_of(second)};
};

// Writes at once until that goes no further, and then waits for the rest; gives all that it wrote.
Task<std::string> fill(ByteStream& stream, int& at_once) {
  std::string sent;
  bool taken = true;
  while (taken) {
    const Text text(at_once);
    taken = stream.write_at_once(text.pieces);
    sent += text.first + text.second;
    if (taken) {
      ++at_once;
    } else {
      const Result<std::size_t> written = co_await stream.write(text.pieces);
      EXPECT_EQ(written, text.first.size() + text.second.size());
    }
  }
  stream.shutdown_send();
  co_return sent;
}

using WriteAtOnceTest = RealLoopFixture;

TEST_F(WriteAtOnceTest, GoesOnWhereTheSocketWasFull) {
  const auto listener = SocketListener::open(loop, {Endpoint::Kind::Tcp, "127.0.0.1", 0}).value();
  const auto near = run(connect_socket(loop, listener->endpoint())).value();
  const auto far = adopt_socket(loop, run(listener->accept()).value()).value();
  int at_once = 0;
  Started<std::string> writer(fill(*near, at_once));
  EXPECT_FALSE(writer.done());
  EXPECT_GT(at_once, 1);
  const ReadAll read = run(read_all(*far));
  while (!writer.done()) loop.poll();
  const std::string sent = writer.get();
  EXPECT_TRUE(read.text == sent) << read.text.size() << " bytes of " << sent.size();
}

TEST_F(WriteAtOnceTest, LeavesLargeWritesAndErrorsToWrite) {
  const auto listener = SocketListener::open(loop, {Endpoint::Kind::Tcp, "127.0.0.1", 0}).value();
  const auto near = run(connect_socket(loop, listener->endpoint())).value();
  const std::string large(20'000, 'x');
  const std::array<std::span<const std::byte>, 1> pieces{bytes_of(large)};
  EXPECT_FALSE(near->write_at_once(pieces));
  EXPECT_EQ(run([](ByteStream& stream, ByteStream::Pieces all) -> Task<Result<std::size_t>> {
              co_return co_await stream.write(all);
            }(*near, pieces)),
            large.size());
  near->close();
  const Text text(0);
  EXPECT_FALSE(near->write_at_once(text.pieces));
}

// What memory has room for goes at once.
class Eager final : public ByteStream {
 public:
  Eager(std::unique_ptr<ByteStream> below, std::size_t room) : below_(std::move(below)), room_(room) {}

  bool write_at_once(Pieces pieces) override {
    if (total_size(pieces) > room_) return false;
    room_ -= total_size(pieces);
    for (const auto& piece : pieces) below_->write_now(piece);
    return true;
  }
  void start_read(std::span<std::byte> into, IoOperation& operation) override { below_->start_read(into, operation); }
  void start_write(Pieces pieces, IoOperation& operation) override { below_->start_write(pieces, operation); }
  void write_now(std::span<const std::byte> bytes) override { below_->write_now(bytes); }
  void shutdown_send() override { below_->shutdown_send(); }
  void close() override { below_->close(); }
  const PeerInfo& peer() const override { return below_->peer(); }

 private:
  std::unique_ptr<ByteStream> below_;
  std::size_t room_;
};

using TlsWriteAtOnceTest = TlsFixture;

TEST_F(TlsWriteAtOnceTest, SendsARecordOnceWhetherItIsTakenAtOnceOrLater) {
  for (const std::size_t room : {0, 3'000, 6'000, 10'000, 40'000}) {
    auto [near, far] = memory_pair(loop, {.capacity = 64'000});
    auto eager = std::make_unique<Eager>(std::move(near), room);
    Started<Secured> connecting(
        tls_connect(loop, std::move(eager), context(TlsRole::Client, client_options()), "server.test"));
    Started<Secured> accepting(tls_accept(loop, std::move(far), context(TlsRole::Server, server_options())));
    loop.poll();
    const Secured client = connecting.get();
    const Secured server = accepting.get();
    ASSERT_TRUE(client.has_value()) << client.error().to_string();
    ASSERT_TRUE(server.has_value()) << server.error().to_string();
    int at_once = 0;
    Started<std::string> writer(fill(**client, at_once));
    const ReadAll read = run(read_all(**server));
    const std::string sent = writer.get();
    EXPECT_TRUE(read.text == sent) << room << ": " << read.text.size() << " bytes of " << sent.size();
    EXPECT_EQ(at_once > 0, room >= 10'000) << room;
  }
}

}  // namespace
}  // namespace sluice::rpc
