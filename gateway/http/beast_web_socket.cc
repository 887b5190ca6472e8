// Beast's operations as tasks, and the coroutine that always reads.
#include "gateway/http/beast_web_socket.h"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <chrono>
#include <utility>

#include "gateway/http/beast_stream.h"
#include "rpc_core/base/stop.h"
#include "rpc_core/base/waiter.h"
#include "rpc_core/transport/use_task.h"

namespace sluice::gateway {
namespace {

namespace beast = boost::beast;
namespace websocket = boost::beast::websocket;
using rpc::use_task;

// How long a client may take for its half of the closing handshake.
constexpr rpc::Duration kCloseTimeout = std::chrono::seconds(5);
// Below this size compression does not pay.
constexpr std::size_t kLeastDeflated = 256;
// The most that fits in a Close beside its code.
constexpr std::size_t kMostReason = 123;

beast::http::request<beast::http::empty_body> handshake_of(const RequestHead& head) {
  beast::http::request<beast::http::empty_body> request;
  request.method(beast::http::verb::get);
  request.target(beast::string_view(head.target.data(), head.target.size()));
  request.version(11);
  for (const auto& [name, value] : head.headers) {
    request.insert(beast::string_view(name.data(), name.size()), beast::string_view(value.data(), value.size()));
  }
  return request;
}

}  // namespace

// Beast's operations ignore the stop token: one that is broken off would leave half a frame behind.
class BeastWebSocket::Impl final : private rpc::Timer {
 public:
  Impl(rpc::Loop& loop, Input& input, Output& output, std::size_t max_message_bytes)
      : loop_(loop), stream_(loop, input, output), reader_(loop), arrived_(loop), room_(loop), heard_(loop.now()) {
    websocket::permessage_deflate deflate;
    deflate.server_enable = true;
    deflate.msg_size_threshold = kLeastDeflated;
    stream_.set_option(deflate);
    stream_.set_option(websocket::stream_base::decorator(
        [](websocket::response_type& response) { response.set(beast::http::field::server, "sluice"); }));
    stream_.read_message_max(max_message_bytes);
    stream_.auto_fragment(false);
    stream_.control_callback([this](websocket::frame_type, beast::string_view) { heard_ = loop_.now(); });
  }

  rpc::Task<bool> accept(const RequestHead& head) {
    const auto request = handshake_of(head);
    const auto [error] = co_await stream_.async_accept(request, use_task);
    ended_ = static_cast<bool>(error);
    if (!ended_) reader_.spawn(receive());
    co_return !ended_;
  }

  rpc::Task<std::optional<WebSocketMessage>> read() {
    while (!slot_ && !ended_) {
      if (bool arrived = co_await arrived_.wait(); !arrived) co_return std::nullopt;
    }
    std::optional<WebSocketMessage> message = std::exchange(slot_, std::nullopt);
    room_.notify();
    co_return message;
  }

  rpc::Task<bool> write(rpc::Buffer message, bool binary) {
    if (ended_ || closing_) co_return false;
    stream_.binary(binary);
    const boost::asio::const_buffer bytes(message.data(), message.size());
    const auto [error, count] = co_await stream_.async_write(bytes, use_task);
    co_return !error;
  }

  rpc::Task<void> ping() {
    if (ended_ || closing_) co_return;
    co_await stream_.async_ping(websocket::ping_data(), use_task);
  }

  rpc::TimePoint heard() const { return heard_; }
  bool too_big() const { return too_big_; }

  rpc::Task<void> close(CloseCode code, std::string_view reason) {
    if (std::exchange(closing_, true) || ended_) co_return;
    room_.notify();
    loop_.schedule(*this, rpc::deadline_after(loop_.now(), kCloseTimeout));
    const websocket::close_reason why(static_cast<websocket::close_code>(code),
                                      beast::string_view(reason.data(), std::min(reason.size(), kMostReason)));
    rpc::Task<void> closing = close_for(why);
    co_await std::move(closing).with_stop(close_stop_.token());
    cancel();
    // Then on_timer() is still running, and what follows may end this object.
    if (close_stop_.stop_requested()) co_await rpc::Yield(loop_);
  }

  rpc::Task<void> finish() {
    closing_ = true;
    room_.notify();
    stream_.next_layer().abort();
    reader_.request_stop();
    co_await reader_.join();
    co_await stream_.next_layer().join();
  }

 private:
  // A read that meets a broken frame waits for a Close that is under way, and the Close waits for the read: neither
  // would end by itself. The stop ends the one, finish() the other; Beast resumes them in line.
  void on_timer() override {
    stream_.next_layer().abort();
    close_stop_.request_stop();
  }

  rpc::Task<void> close_for(websocket::close_reason why) { co_await stream_.async_close(why, use_task); }

  // Reads as long as there is a connection, so that pings and a Close are answered; one message ahead of read().
  rpc::Task<void> receive() {
    beast::flat_buffer bytes;
    while (true) {
      const auto [error, count] = co_await stream_.async_read(bytes, use_task);
      too_big_ = error == websocket::error::message_too_big || error == websocket::error::buffer_overflow;
      if (error) break;
      heard_ = loop_.now();
      WebSocketMessage message;
      const std::string_view text(static_cast<const char*>(bytes.data().data()), bytes.size());
      message.bytes = rpc::Buffer::copy_of(text);
      message.binary = stream_.got_binary();
      bytes.consume(bytes.size());
      if (bytes.capacity() > kMostKept) bytes.shrink_to_fit();
      while (slot_ && !closing_) co_await room_.wait();
      if (closing_) continue;
      slot_ = std::move(message);
      arrived_.notify();
    }
    ended_ = true;
    arrived_.notify();
  }

  static constexpr std::size_t kMostKept = 16 * 1024;

  rpc::Loop& loop_;
  websocket::stream<BeastStream> stream_;
  rpc::TaskGroup reader_;
  rpc::StopSource close_stop_;
  rpc::Waiter arrived_;
  rpc::Waiter room_;
  std::optional<WebSocketMessage> slot_;
  rpc::TimePoint heard_;
  bool closing_ = false;
  bool ended_ = false;  // nothing more can be read
  bool too_big_ = false;
};

BeastWebSocket::BeastWebSocket(rpc::Loop& loop, Input& input, Output& output, std::size_t max_message_bytes)
    : impl_(std::make_unique<Impl>(loop, input, output, max_message_bytes)) {}

BeastWebSocket::~BeastWebSocket() = default;

rpc::Task<bool> BeastWebSocket::accept(const RequestHead& head) {
  return impl_->accept(head).with_stop(rpc::StopToken());
}

rpc::Task<void> BeastWebSocket::finish() { return impl_->finish().with_stop(rpc::StopToken()); }

bool BeastWebSocket::refused_size() const { return impl_->too_big(); }

rpc::Task<std::optional<WebSocketMessage>> BeastWebSocket::read() { return impl_->read(); }

rpc::Task<bool> BeastWebSocket::write(rpc::Buffer message, bool binary) {
  return impl_->write(std::move(message), binary).with_stop(rpc::StopToken());
}

rpc::Task<void> BeastWebSocket::ping() { return impl_->ping().with_stop(rpc::StopToken()); }

rpc::TimePoint BeastWebSocket::last_heard() const { return impl_->heard(); }

rpc::Task<void> BeastWebSocket::close(CloseCode code, std::string_view reason) {
  return impl_->close(code, reason).with_stop(rpc::StopToken());
}

}  // namespace sluice::gateway
