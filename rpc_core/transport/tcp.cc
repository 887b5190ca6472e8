#include "rpc_core/transport/tcp.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <deque>

#include "rpc_core/transport/use_task.h"

namespace sluice::rpc {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using Protocol = asio::generic::stream_protocol;
using Socket = asio::basic_stream_socket<Protocol, asio::io_context::executor_type>;
using Acceptor = asio::basic_socket_acceptor<Protocol, asio::io_context::executor_type>;
using RawEndpoint = Protocol::endpoint;

// The most pieces that go to the kernel at a time.
constexpr std::size_t kMostPieces = 64;
// What write_at_once() tries: an answer, rather than a part of a stream, which would keep the other connections
// waiting.
constexpr std::size_t kMostAtOnce = 16 * 1024;
// What may wait in the kernel between processes of one machine. There is no round trip to cover, and what is more than
// fits into a cache costs both sides twice as much CPU a byte. Elsewhere the kernel finds the size that a path needs.
constexpr int kLoopbackSendBytes = 128 * 1024;
// A peer that went away without a word is given up after two minutes of silence: the kernel asks it after one, and then
// four times.
constexpr int kSecondsBeforeProbes = 60;
constexpr int kSecondsBetweenProbes = 15;
constexpr int kProbes = 4;

Status transport_error(const std::string& what, const error_code& error) {
  return Status(StatusCode::Unavailable, what + ": " + error.message()).with_origin(Status::Origin::Transport);
}

Result<RawEndpoint> to_raw(const Endpoint& endpoint) {
  if (endpoint.kind == Endpoint::Kind::Unix) {
    if (endpoint.host.size() >= sizeof(sockaddr_un::sun_path)) {
      return fail(StatusCode::InvalidArgument, "unix socket path of more than 107 bytes: " + endpoint.host);
    }
    return RawEndpoint(asio::local::stream_protocol::endpoint(endpoint.host));
  }
  error_code error;
  const auto address = asio::ip::make_address(endpoint.host, error);
  if (error) return fail(StatusCode::InvalidArgument, "expected an IP address, got \"" + endpoint.host + "\"");
  return RawEndpoint(asio::ip::tcp::endpoint(address, endpoint.port));
}

Endpoint from_raw(const RawEndpoint& raw) {
  if (raw.protocol().family() == AF_UNIX) {
    const auto* address = reinterpret_cast<const sockaddr_un*>(raw.data());
    const std::size_t size = raw.size() - offsetof(sockaddr_un, sun_path);
    return {Endpoint::Kind::Unix, std::string(address->sun_path, strnlen(address->sun_path, size)), 0};
  }
  asio::ip::tcp::endpoint endpoint;
  std::memcpy(endpoint.data(), raw.data(), std::min(raw.size(), endpoint.capacity()));
  return {Endpoint::Kind::Tcp, endpoint.address().to_string(), endpoint.port()};
}

bool is_loopback(const Endpoint& endpoint) {
  if (endpoint.kind != Endpoint::Kind::Tcp) return false;
  error_code ignored;
  return asio::ip::make_address(endpoint.host, ignored).is_loopback();
}

void set_option(int descriptor, int level, int name, int value) {
  ::setsockopt(descriptor, level, name, &value, sizeof(value));
}

void set_tcp_options(int descriptor) {
  set_option(descriptor, IPPROTO_TCP, TCP_NODELAY, 1);
  set_option(descriptor, SOL_SOCKET, SO_KEEPALIVE, 1);
  set_option(descriptor, IPPROTO_TCP, TCP_KEEPIDLE, kSecondsBeforeProbes);
  set_option(descriptor, IPPROTO_TCP, TCP_KEEPINTVL, kSecondsBetweenProbes);
  set_option(descriptor, IPPROTO_TCP, TCP_KEEPCNT, kProbes);
}

class SocketStream final : public ByteStream {
 public:
  explicit SocketStream(Socket socket) : socket_(std::move(socket)) {
    error_code ignored;
    peer_.endpoint = from_raw(socket_.remote_endpoint(ignored));
    if (peer_.endpoint.kind == Endpoint::Kind::Tcp) set_tcp_options(socket_.native_handle());
    if (is_loopback(peer_.endpoint)) socket_.set_option(Socket::send_buffer_size(kLoopbackSendBytes), ignored);
    socket_.non_blocking(true, ignored);
  }

  void shutdown_send() override {
    error_code ignored;
    socket_.shutdown(Socket::shutdown_send, ignored);
  }
  void close() override {
    error_code ignored;
    socket_.close(ignored);
  }
  const PeerInfo& peer() const override { return peer_; }

  void start_read(std::span<std::byte> into, IoOperation& operation) override {
    socket_.async_read_some(asio::mutable_buffer(into.data(), into.size()), ReadDone{&operation});
  }
  bool write_at_once(Pieces pieces) override {
    begin(pieces);
    if (total_size(pieces_) > kMostAtOnce) return false;
    error_code error;
    const Batch batch = next_batch();
    const std::size_t count =
        batch.count == 1 ? socket_.write_some(batch_[0], error) : socket_.write_some(batch, error);
    if (!error) advance(count);
    if (pieces_.empty()) begun_ = nullptr;
    return pieces_.empty();
  }
  void start_write(Pieces pieces, IoOperation& operation) override {
    begin(pieces);
    write_more(operation);
  }
  void write_now(std::span<const std::byte> bytes) override {
    error_code ignored;
    if (socket_.is_open()) socket_.write_some(asio::const_buffer(bytes.data(), bytes.size()), ignored);
  }

 private:
  struct ReadDone {
    using allocator_type = PoolAllocator<void>;
    IoOperation* operation;
    allocator_type get_allocator() const noexcept { return {}; }
    void operator()(const error_code& error, std::size_t count) const {
      if (error == asio::error::eof) return operation->complete(0);
      if (error) return operation->complete(fail(transport_error("read", error)));
      operation->complete(count);
    }
  };
  struct WriteDone {
    using allocator_type = PoolAllocator<void>;
    SocketStream* stream;
    IoOperation* operation;
    allocator_type get_allocator() const noexcept { return {}; }
    void operator()(const error_code& error, std::size_t count) const { stream->wrote(*operation, error, count); }
  };
  // A fixed list of buffers, as Asio wants to copy it around cheaply.
  struct Batch {
    std::array<asio::const_buffer, kMostPieces>* buffers;
    std::size_t count;
    const asio::const_buffer* begin() const { return buffers->data(); }
    const asio::const_buffer* end() const { return buffers->data() + count; }
  };

  // Unless it is begun already.
  void begin(Pieces pieces) {
    if (std::exchange(begun_, pieces.data()) == pieces.data()) return;
    pieces_ = pieces;
    offset_ = written_ = 0;
  }

  Batch next_batch() {
    const std::size_t count = std::min(pieces_.size(), kMostPieces);
    for (std::size_t i = 0; i < count; ++i) {
      const auto piece = i == 0 ? pieces_[0].subspan(offset_) : pieces_[i];
      batch_[i] = asio::const_buffer(piece.data(), piece.size());
    }
    return Batch{&batch_, count};
  }

  void write_more(IoOperation& operation) {
    const Batch batch = next_batch();
    if (batch.count == 1) {
      socket_.async_write_some(batch_[0], WriteDone{this, &operation});
    } else {
      socket_.async_write_some(batch, WriteDone{this, &operation});
    }
  }

  void advance(std::size_t count) {
    written_ += count;
    offset_ += count;
    while (!pieces_.empty() && offset_ >= pieces_.front().size()) {
      offset_ -= pieces_.front().size();
      pieces_ = pieces_.subspan(1);
    }
  }

  void wrote(IoOperation& operation, const error_code& error, std::size_t count) {
    advance(count);
    if (!error && !pieces_.empty()) return write_more(operation);
    begun_ = nullptr;
    if (error) return operation.complete(fail(transport_error("write", error)));
    operation.complete(written_);
  }

  Socket socket_;
  PeerInfo peer_;
  const void* begun_ = nullptr;  // the write that has begun, by where its pieces are
  Pieces pieces_;                // what is left of them
  std::size_t offset_ = 0;       // how much of the first one is written
  std::size_t written_ = 0;
  std::array<asio::const_buffer, kMostPieces> batch_;
};

// Whether the path is a unix socket that is left over from a process that is gone. Any other file is somebody's.
bool is_stale(Loop& loop, const std::string& path, const RawEndpoint& raw) {
  struct stat file;
  if (::stat(path.c_str(), &file) != 0 || !S_ISSOCK(file.st_mode)) return false;
  Socket probe(loop.context());
  error_code error;
  probe.connect(raw, error);
  return error == asio::error::connection_refused;
}

class AcceptingSocket final : public SocketListener {
 public:
  AcceptingSocket(Loop& loop, Acceptor acceptor, Endpoint endpoint, int backlog)
      : loop_(loop), acceptor_(std::move(acceptor)), endpoint_(std::move(endpoint)), backlog_(backlog) {}
  ~AcceptingSocket() override {
    if (endpoint_.kind == Endpoint::Kind::Unix && acceptor_.is_open()) ::unlink(endpoint_.host.c_str());
  }

  Task<Result<int>> accept() override {
    while (acceptor_.is_open() && waiting_.empty()) {
      Socket socket(loop_.context());
      auto [error] = co_await acceptor_.async_accept(socket, use_task);
      if (!error) co_return socket.release();
      if (error == asio::error::operation_aborted) break;
      // Out of descriptors or memory: connections wait in the backlog until some are free again.
      if (bool slept = co_await sleep_for(loop_, std::chrono::milliseconds(20)); !slept) break;
    }
    if (waiting_.empty())
      co_return fail(StatusCode::Cancelled, "the listener on " + endpoint_.to_string() + " was closed");
    const int descriptor = waiting_.front().release();
    waiting_.pop_front();
    co_return descriptor;
  }
  void close() override {
    if (!acceptor_.is_open()) return;
    take_waiting();
    error_code ignored;
    acceptor_.close(ignored);
    if (endpoint_.kind == Endpoint::Kind::Unix) ::unlink(endpoint_.host.c_str());
  }
  const Endpoint& endpoint() const override { return endpoint_; }

 private:
  // The kernel resets what is in the backlog of a socket that closes.
  void take_waiting() {
    error_code error;
    acceptor_.non_blocking(true, error);
    for (int i = 0; i < backlog_ && !error; ++i) {
      Socket socket(loop_.context());
      acceptor_.accept(socket, error);
      if (!error) waiting_.push_back(std::move(socket));
    }
  }

  Loop& loop_;
  Acceptor acceptor_;
  Endpoint endpoint_;
  const int backlog_;
  std::deque<Socket> waiting_;  // taken by close(), for accept()
};

}  // namespace

Task<Result<std::unique_ptr<ByteStream>>> connect_socket(Loop& loop, Endpoint endpoint) {
  const Result<RawEndpoint> raw = to_raw(endpoint);
  if (!raw) co_return fail(raw.error());
  Socket socket(loop.context());
  error_code open_error;
  socket.open(raw->protocol(), open_error);
  if (open_error) co_return fail(transport_error("socket", open_error));
  auto [error] = co_await socket.async_connect(*raw, use_task);
  if (error == asio::error::operation_aborted) co_return fail(StatusCode::Cancelled, "connecting was stopped");
  if (error) co_return fail(transport_error("connect to " + endpoint.to_string(), error));
  co_return std::make_unique<SocketStream>(std::move(socket));
}

Result<std::unique_ptr<ByteStream>> adopt_socket(Loop& loop, int descriptor) {
  sockaddr_storage storage;
  socklen_t size = sizeof(storage);
  if (::getsockname(descriptor, reinterpret_cast<sockaddr*>(&storage), &size) != 0) {
    const error_code error(errno, boost::system::system_category());
    ::close(descriptor);
    return fail(transport_error("accepted socket", error));
  }
  Socket socket(loop.context());
  error_code error;
  socket.assign(Protocol(storage.ss_family, 0), descriptor, error);
  if (error) {
    ::close(descriptor);
    return fail(transport_error("accepted socket", error));
  }
  return std::make_unique<SocketStream>(std::move(socket));
}

Result<std::unique_ptr<SocketListener>> SocketListener::open(Loop& loop, const Endpoint& endpoint) {
  return open(loop, endpoint, Options());
}

Result<std::unique_ptr<SocketListener>> SocketListener::open(Loop& loop, const Endpoint& endpoint, Options options) {
  const Result<RawEndpoint> raw = to_raw(endpoint);
  if (!raw) return fail(raw.error());
  const bool is_unix = endpoint.kind == Endpoint::Kind::Unix;
  if (is_unix && is_stale(loop, endpoint.host, *raw)) ::unlink(endpoint.host.c_str());
  Acceptor acceptor(loop.context());
  error_code error;
  acceptor.open(raw->protocol(), error);
  if (!error && !is_unix) acceptor.set_option(Acceptor::reuse_address(true), error);
  if (!error && options.reuse_port) {
    acceptor.set_option(asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>(true), error);
  }
  if (!error) acceptor.bind(*raw, error);
  if (!error) acceptor.listen(options.backlog, error);
  if (error) return fail(transport_error("cannot listen on " + endpoint.to_string(), error));
  Endpoint bound = from_raw(acceptor.local_endpoint(error));
  return std::make_unique<AcceptingSocket>(loop, std::move(acceptor), std::move(bound), options.backlog);
}

}  // namespace sluice::rpc
