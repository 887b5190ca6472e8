// Frames to messages and back, and how a WebSocket ends.
#include "gateway/protocol/web_socket_exchange.h"

#include <string>
#include <utility>

#include "gateway/protocol/call_headers.h"
#include "gateway/protocol/request_deadline.h"
#include "gateway/transcode/binding_error.h"
#include "rpc_core/base/task_group.h"

namespace sluice::gateway {

using rpc::Buffer;
using rpc::Metadata;
using rpc::Status;

WebSocketExchange::WebSocketExchange(Request& request, const RestRoute& route, const RestSettings& settings)
    : request_(request),
      route_(route),
      settings_(settings),
      wishes_(route, settings_),
      raw_requests_(route.transcoder->request_is_raw()),
      binding_(route, request.headers()),
      arrived_(request.loop()),
      room_(request.loop()) {}

rpc::Result<void> WebSocketExchange::bind(std::span<const std::string_view> captures, std::string_view query) {
  const rpc::Result<std::string_view> rest = wishes_.take(query, request_.headers());
  if (!rest) return rpc::fail(rest.error());
  if (wishes_.format().value_or(StreamFormat::Array) != StreamFormat::Array) {
    return rpc::fail(binding_error("$alt", "expected json, which is what a WebSocket carries"));
  }
  if (rpc::Result<void> bound = binding_.bind(captures, *rest); !bound) return bound;
  if (rpc::Result<void> bound = binding_.check(); !bound) return bound;
  rpc::Result<Metadata> metadata = metadata_of_request(request_.head(), request_.peer(), request_.context());
  if (!metadata) return rpc::fail(std::move(metadata.error()));
  const auto timeout = request_timeout(request_.headers(), route_.timeout);
  if (!timeout) return rpc::fail(timeout.error());
  plan_.path = route_.call_path;
  plan_.client_streams = route_.client_streams;
  plan_.server_streams = route_.server_streams;
  plan_.full_duplex = true;
  plan_.metadata = *std::move(metadata);
  plan_.timeout = *timeout;
  plan_.max_response_bytes = route_.max_response_bytes;
  plan_.counts = &request_.context().call;
  return {};
}

// Path and query of a route without a body are a message by themselves, as is the half-close of a client that does not
// stream.
rpc::Task<rpc::Result<std::optional<Buffer>>> WebSocketExchange::read() {
  if (binding_.first() && !route_.transcoder->takes_body()) co_return encode("");
  while (!inbox_ && !half_closed_ && !fault_) {
    if (bool arrived = co_await arrived_.wait(); !arrived) break;
  }
  if (inbox_) {
    const WebSocketMessage message = *std::exchange(inbox_, std::nullopt);
    room_.notify();
    co_return encode(message.bytes.text());
  }
  if (!half_closed_) co_return rpc::fail(rpc::StatusCode::Cancelled, "the client sends no more messages");
  if (binding_.first() && !route_.client_streams) co_return encode("");
  co_return std::nullopt;
}

rpc::Result<std::optional<Buffer>> WebSocketExchange::encode(std::string_view body) {
  RequestBinding::Text text;
  text.bytes = body;
  rpc::Result<Buffer> message = binding_.encode(text);
  if (message) return std::optional<Buffer>(*std::move(message));
  fault_ = CloseCode::BadPayload;
  return rpc::fail(std::move(message.error()));
}

rpc::Task<void> WebSocketExchange::attend() {
  const auto body = [this](rpc::TaskGroup& group) -> rpc::Task<void> {
    group.spawn(receive(group));
    co_await keep_alive();
    group.request_stop();
  };
  co_await rpc::run_in_group(request_.loop(), body);
}

// Reads on to the end of the call, so that a Close cancels it at any time.
rpc::Task<void> WebSocketExchange::receive(rpc::TaskGroup& group) {
  last_taken_ = !route_.client_streams && !route_.transcoder->takes_body();
  while (std::optional<WebSocketMessage> message = co_await socket_->read()) {
    if (!takes(*message)) break;
    while (inbox_ && !half_closed_) {
      if (bool room = co_await room_.wait(); !room) co_return;
    }
    if (!half_closed_) inbox_ = std::move(message);
    last_taken_ = last_taken_ || !route_.client_streams;
    arrived_.notify();
  }
  group.request_stop();
}

// False: it must not come, or comes at the wrong time.
bool WebSocketExchange::takes(const WebSocketMessage& message) {
  const bool ends = !message.binary && message.bytes.empty();
  if (half_closed_ || (last_taken_ && !ends)) {
    fault_ = CloseCode::Policy;
  } else if (message.binary != raw_requests_ && !ends) {
    fault_ = CloseCode::Unacceptable;
  } else {
    half_closed_ = ends;
  }
  return !fault_;
}

}  // namespace sluice::gateway
