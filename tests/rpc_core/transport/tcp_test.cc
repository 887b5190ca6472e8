// Tests of TCP connections on 127.0.0.1 and [::1]: echo, ends, closes, and errors that name the address.
#include "rpc_core/transport/tcp.h"

#include <gmock/gmock.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <string>
#include <vector>

#include "tests/support/loop_fixture.h"
#include "tests/support/stream_io.h"

namespace sluice::rpc {
namespace {

using ::testing::HasSubstr;
using testing::read_all;
using testing::ReadAll;
using testing::RealLoopFixture;
using testing::Started;
using testing::write_text;

const Endpoint kAnyPort{Endpoint::Kind::Tcp, "127.0.0.1", 0};

// Both ends of one connection.
struct Connection {
  Connection() = default;
  std::unique_ptr<ByteStream> near;
  std::unique_ptr<ByteStream> far;
};

class TcpTest : public RealLoopFixture {
 protected:
  std::unique_ptr<SocketListener> listen(const Endpoint& endpoint = kAnyPort) {
    Result<std::unique_ptr<SocketListener>> opened = SocketListener::open(loop, endpoint);
    EXPECT_TRUE(opened.has_value()) << opened.error().to_string();
    return *std::move(opened);
  }

  Task<Connection> connected(SocketListener& listener) {
    Connection connection;
    Result<std::unique_ptr<ByteStream>> near = co_await connect_socket(loop, listener.endpoint());
    const Result<int> descriptor = co_await listener.accept();
    if (!near || !descriptor) throw std::runtime_error("no connection to " + listener.endpoint().to_string());
    connection.near = *std::move(near);
    connection.far = adopt_socket(loop, *descriptor).value();
    co_return connection;
  }

  Connection connection() {
    const auto listener = listen();
    return run(connected(*listener));
  }
};

Task<Status> echo(ByteStream& stream) {
  std::array<std::byte, 5000> bytes;
  Result<std::size_t> count = co_await stream.read_some(bytes);
  while (count && *count != 0) {
    const std::array<std::span<const std::byte>, 1> pieces{std::span<const std::byte>(bytes).first(*count)};
    const Result<std::size_t> written = co_await stream.write(pieces);
    if (!written) co_return written.error();
    count = co_await stream.read_some(bytes);
  }
  stream.shutdown_send();
  co_return count ? Status() : count.error();
}

Task<Result<std::size_t>> write_many(ByteStream& stream, const std::vector<std::string>& texts) {
  std::vector<std::span<const std::byte>> pieces;
  for (const std::string& text : texts) pieces.push_back(std::as_bytes(std::span(text)));
  const Result<std::size_t> written = co_await stream.write(pieces);
  stream.shutdown_send();
  co_return written;
}

TEST_F(TcpTest, EchoesMoreThanTheSocketsHold) {
  const Connection both = connection();
  std::vector<std::string> texts{"", "", "a"};
  for (int i = 0; i < 300; ++i) texts.push_back(std::string(i % 3 == 0 ? 40'000 : i, static_cast<char>('a' + i % 26)));
  std::string all;
  for (const std::string& text : texts) all += text;
  Started<Status> server(echo(*both.far));
  Started<Result<std::size_t>> writer(write_many(*both.near, texts));
  const ReadAll read = run(read_all(*both.near));
  EXPECT_TRUE(read.status.ok());
  EXPECT_TRUE(read.text == all) << read.text.size() << " bytes of " << all.size();
  EXPECT_EQ(writer.get(), all.size());
  EXPECT_TRUE(server.get().ok());
}

TEST_F(TcpTest, WritesNothingWhenThereIsNothing) {
  const Connection both = connection();
  EXPECT_EQ(run(write_many(*both.near, {})), 0u);
  EXPECT_EQ(run(write_text(*both.far, "")), 0u);
}

TEST_F(TcpTest, BothEndsKnowTheirPeer) {
  const auto listener = listen();
  EXPECT_NE(listener->endpoint().port, 0);
  const Connection both = run(connected(*listener));
  EXPECT_EQ(both.near->peer().endpoint, listener->endpoint());
  EXPECT_EQ(both.far->peer().endpoint.host, "127.0.0.1");
  EXPECT_NE(both.far->peer().endpoint.port, 0);
}

TEST_F(TcpTest, AsksAPeerThatIsSilentWhetherItIsThere) {
  const auto listener = listen();
  const auto near = run(connect_socket(loop, listener->endpoint()));
  const Result<int> descriptor = run(listener->accept());
  const auto far = adopt_socket(loop, *descriptor);
  const auto option = [&descriptor](int level, int name) {
    int value = 0;
    socklen_t size = sizeof(value);
    EXPECT_EQ(::getsockopt(*descriptor, level, name, &value, &size), 0);
    return value;
  };
  EXPECT_EQ(option(SOL_SOCKET, SO_KEEPALIVE), 1);
  EXPECT_EQ(option(IPPROTO_TCP, TCP_KEEPIDLE), 60);
  EXPECT_EQ(option(IPPROTO_TCP, TCP_KEEPINTVL), 15);
  EXPECT_EQ(option(IPPROTO_TCP, TCP_KEEPCNT), 4);
  EXPECT_EQ(option(IPPROTO_TCP, TCP_NODELAY), 1);
}

TEST_F(TcpTest, DestroyingAStreamEndsTheConnection) {
  Connection both = connection();
  both.near.reset();
  EXPECT_EQ(run(read_all(*both.far)).text, "");
}

TEST_F(TcpTest, AdoptsNothingButSockets) {
  EXPECT_THAT(adopt_socket(loop, -1).error().message(), HasSubstr("accepted socket: Bad file descriptor"));
  std::array<int, 2> pipe;
  ASSERT_EQ(::pipe(pipe.data()), 0);
  EXPECT_THAT(adopt_socket(loop, pipe[0]).error().message(), HasSubstr("accepted socket: Socket operation on non"));
  EXPECT_NE(::close(pipe[0]), 0) << "the descriptor is closed with the error";
  ::close(pipe[1]);
}

TEST_F(TcpTest, CloseEndsAPendingReadWithAnError) {
  const Connection both = connection();
  Started<ReadAll> read(read_all(*both.near));
  run([](Loop& here) -> Task<void> { co_await Yield(here); }(loop));
  EXPECT_FALSE(read.done());
  both.near->close();
  both.near->close();
  EXPECT_FALSE(read.done()) << "resumed in line";
  const ReadAll later = run(read_all(*both.near));
  ASSERT_TRUE(read.done());
  EXPECT_EQ(read.get().status.code(), StatusCode::Unavailable);
  EXPECT_EQ(read.get().status.origin(), Status::Origin::Transport);
  EXPECT_EQ(later.status.code(), StatusCode::Unavailable);
  EXPECT_EQ(run(write_text(*both.near, "x")).error().code(), StatusCode::Unavailable);
}

// The peer closes with bytes unread: the system resets the connection, and a write fails without a signal.
Task<Status> write_until_refused(ByteStream& stream) {
  Result<std::size_t> written = co_await write_text(stream, "x");
  while (written) written = co_await write_text(stream, std::string(100'000, 'x'));
  co_return written.error();
}

TEST_F(TcpTest, WritingToAPeerThatLeftFails) {
  Connection both = connection();
  EXPECT_EQ(run(write_text(*both.near, "unread")), 6u);
  both.far.reset();
  const Status status = run(write_until_refused(*both.near));
  EXPECT_EQ(status.code(), StatusCode::Unavailable);
  EXPECT_THAT(status.message(), HasSubstr("write: "));
}

TEST_F(TcpTest, ABusyPortIsAnErrorThatNamesTheAddress) {
  const auto listener = listen();
  const auto second = SocketListener::open(loop, listener->endpoint());
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code(), StatusCode::Unavailable);
  EXPECT_THAT(second.error().message(),
              HasSubstr("cannot listen on " + listener->endpoint().to_string() + ": Address already in use"));
}

TEST_F(TcpTest, ReusePortSharesAnAddress) {
  const auto first = SocketListener::open(loop, kAnyPort, {.reuse_port = true});
  ASSERT_TRUE(first.has_value());
  const auto second = SocketListener::open(loop, (*first)->endpoint(), {.reuse_port = true});
  EXPECT_TRUE(second.has_value());
}

TEST_F(TcpTest, ListeningNeedsAnAddressOfOurs) {
  const auto named = SocketListener::open(loop, {Endpoint::Kind::Tcp, "localhost", 0});
  ASSERT_FALSE(named.has_value());
  EXPECT_EQ(named.error(), Status(StatusCode::InvalidArgument, "expected an IP address, got \"localhost\""));
  const auto foreign = SocketListener::open(loop, {Endpoint::Kind::Tcp, "192.0.2.1", 0});
  ASSERT_FALSE(foreign.has_value());
  EXPECT_THAT(foreign.error().message(), HasSubstr("cannot listen on 192.0.2.1:0: "));
}

TEST_F(TcpTest, NobodyListeningIsUnavailableAndNamesTheAddress) {
  const Endpoint free_now = listen()->endpoint();
  const auto connected = run(connect_socket(loop, free_now));
  ASSERT_FALSE(connected.has_value());
  EXPECT_EQ(connected.error().code(), StatusCode::Unavailable);
  EXPECT_THAT(connected.error().message(), HasSubstr("connect to " + free_now.to_string() + ": Connection refused"));
  EXPECT_EQ(run(connect_socket(loop, Endpoint{Endpoint::Kind::Tcp, "example.org", 1})).error().code(),
            StatusCode::InvalidArgument);
}

TEST_F(TcpTest, CloseAndStopEndAPendingAccept) {
  const auto listener = listen();
  Started<Result<int>> stopped(listener->accept());
  stopped.request_stop();
  while (!stopped.done()) loop.poll();
  EXPECT_EQ(stopped.get().error().code(), StatusCode::Cancelled);
  Started<Result<int>> closed(listener->accept());
  listener->close();
  EXPECT_EQ(run(listener->accept()).error().message(),
            "the listener on " + listener->endpoint().to_string() + " was closed");
  while (!closed.done()) loop.poll();
  EXPECT_EQ(closed.get().error().code(), StatusCode::Cancelled);
}

TEST_F(TcpTest, CloseLosesNoConnectionThatWaits) {
  const auto listener = listen();
  std::vector<std::unique_ptr<ByteStream>> near;
  for (int i = 0; i < 3; ++i) {
    near.push_back(run(connect_socket(loop, listener->endpoint())).value());
    EXPECT_EQ(run(write_text(*near.back(), "sent before")), 11u);
    near.back()->shutdown_send();
  }
  listener->close();
  EXPECT_FALSE(run(connect_socket(loop, listener->endpoint())).has_value());
  for (int i = 0; i < 2; ++i) {
    const Result<int> descriptor = run(listener->accept());
    ASSERT_TRUE(descriptor.has_value()) << i;
    EXPECT_EQ(run(read_all(*adopt_socket(loop, *descriptor).value())).text, "sent before");
  }
  Started<Result<int>> third(listener->accept());
  ASSERT_TRUE(third.done());
  ::close(*third.get());
  EXPECT_EQ(run(listener->accept()).error().code(), StatusCode::Cancelled);
}

TEST_F(TcpTest, CloseGivesWhatWaitsToAPendingAccept) {
  const auto listener = listen();
  Started<Result<int>> accepting(listener->accept());
  Loop other;
  const auto near = other.run(connect_socket(other, listener->endpoint()));
  listener->close();
  while (!accepting.done()) loop.poll();
  const Result<int> descriptor = accepting.get();
  ASSERT_TRUE(descriptor.has_value());
  ::close(*descriptor);
}

TEST_F(TcpTest, AStopEndsAPendingConnect) {
  const auto listener = SocketListener::open(loop, kAnyPort);
  StopSource source;
  source.request_stop();
  Task<Result<std::unique_ptr<ByteStream>>> connecting = connect_socket(loop, (*listener)->endpoint());
  EXPECT_EQ(run([](auto task, StopToken token) -> Task<Status> {
              auto stopped = std::move(task).with_stop(token);
              const auto result = co_await std::move(stopped);
              co_return result.error();
            }(std::move(connecting), source.token()))
                .code(),
            StatusCode::Cancelled);
}

TEST_F(TcpTest, SpeaksIpv6) {
  const auto opened = SocketListener::open(loop, {Endpoint::Kind::Tcp, "::1", 0});
  if (!opened) GTEST_SKIP() << "no IPv6 here: " << opened.error().to_string();
  const Connection both = run(connected(**opened));
  EXPECT_EQ(both.near->peer().endpoint.host, "::1");
  EXPECT_EQ(run(write_text(*both.near, "six")), 3u);
  both.near->shutdown_send();
  EXPECT_EQ(run(read_all(*both.far)).text, "six");
}

}  // namespace
}  // namespace sluice::rpc
