// The answer's half of a WebSocket: frames, pings, and the Close.
#include <string>
#include <utility>

#include "gateway/protocol/web_socket_exchange.h"

namespace sluice::gateway {

using rpc::Buffer;
using rpc::Metadata;
using rpc::Status;

// Pings a client that is silent; ends when it does not answer. One whose messages wait for the backend is not read, and
// so not heard.
rpc::Task<void> WebSocketExchange::keep_alive() {
  rpc::Loop& loop = request_.loop();
  const rpc::Duration pause = settings_.streams.heartbeat;
  bool asked = false;
  rpc::TimePoint heard = socket_->last_heard();
  while (true) {
    const rpc::TimePoint due = rpc::deadline_after(asked ? loop.now() : heard, pause);
    if (bool elapsed = co_await rpc::sleep_until(loop, due); !elapsed) co_return;
    const bool alive = inbox_ || socket_->last_heard() > heard;
    heard = inbox_ ? loop.now() : socket_->last_heard();
    if (!alive && asked) break;
    asked = loop.now() - heard >= pause;
    if (asked) co_await socket_->ping();
  }
  fault_ = CloseCode::GoingAway;
}

// The 101 has gone: there is no place for metadata.
rpc::Task<bool> WebSocketExchange::begin(const Metadata&) { co_return true; }

rpc::Task<bool> WebSocketExchange::write(Buffer message) {
  rpc::Result<Buffer> item = print(message.text());
  if (!item) {
    failure_ = item.error();
    co_return false;
  }
  co_return co_await socket_->write(std::move(*item), route_.transcoder->response_is_raw());
}

rpc::Result<Buffer> WebSocketExchange::print(std::string_view message) const {
  Buffer item(0, message.size() * 2);
  if (route_.transcoder->response_is_raw()) {
    const rpc::Result<RawBody> raw = route_.transcoder->raw_response(message);
    if (!raw) return rpc::fail(raw.error());
    item.append(raw->data);
  } else {
    const rpc::Result<void> printed = route_.transcoder->response(message, wishes_.print(), item);
    if (!printed) return rpc::fail(printed.error());
  }
  return item;
}

rpc::Task<void> WebSocketExchange::end(const Status& status, const Metadata&) {
  if (failure_) failure_->set_origin(Status::Origin::Transport);
  const Status& outcome = failure_ ? *failure_ : status;
  if (fault_ == CloseCode::BadPayload) {
    co_await tell(outcome);
    co_await socket_->close(*fault_, "a message does not bind");
  } else if (fault_ == CloseCode::Unacceptable) {
    co_await socket_->close(*fault_, raw_requests_ ? "expected binary frames" : "expected text frames");
  } else if (fault_ == CloseCode::Policy) {
    co_await socket_->close(*fault_, "a message behind the half-close");
  } else if (request_.context().stopping) {
    co_await socket_->close(CloseCode::GoingAway, stopping_status().message());
  } else if (fault_) {
    co_await socket_->close(*fault_, "no answer to a ping");
  } else if (outcome.ok()) {
    co_await socket_->close(CloseCode::Normal, "");
  } else {
    co_await tell(outcome);
    const std::string name = rpc::status_code_name(settings_.errors.shown(outcome).code());
    co_await socket_->close(CloseCode::Internal, name);
  }
}

rpc::Task<void> WebSocketExchange::tell(const Status& status) {
  Buffer frame = settings_.errors.in_band(status);
  co_await socket_->write(std::move(frame), false);
}

}  // namespace sluice::gateway
