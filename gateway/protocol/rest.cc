// The request's half: head, messages, and what falls due without any.
#include "gateway/protocol/rest.h"

#include <string>
#include <utility>

#include "gateway/protocol/call_headers.h"
#include "gateway/protocol/request_deadline.h"

namespace sluice::gateway {

using rpc::Buffer;
using rpc::Metadata;

RestExchange::RestExchange(Request& request, Responder& responder, const RestRoute& route, const RestSettings& settings)
    : request_(request),
      responder_(responder),
      route_(route),
      settings_(settings),
      wishes_(route, settings_),
      framing_(request, route),
      takes_trailers_(request.headers().has_token("TE", "trailers") && request.method() != "HEAD" &&
                      request.head().version == HttpVersion::Http11),
      binding_(route, request.headers()),
      reader_(request, route, binding_),
      holding_(route.client_streams),
      turns_(request.loop()),
      asked_(request.loop()) {}

rpc::Result<void> RestExchange::bind(std::span<const std::string_view> captures, std::string_view query) {
  const rpc::Result<std::string_view> rest = wishes_.take(query, request_.headers());
  if (!rest) return rpc::fail(rest.error());
  if (wishes_.format()) framing_.use(*wishes_.format());
  if (rpc::Result<void> bound = binding_.bind(captures, *rest); !bound) return bound;
  rpc::Result<Metadata> metadata = metadata_of_request(request_.head(), request_.peer(), request_.context());
  if (!metadata) return rpc::fail(std::move(metadata.error()));
  const auto timeout = request_timeout(request_.headers(), route_.timeout);
  if (!timeout) return rpc::fail(timeout.error());
  plan_.path = route_.call_path;
  plan_.client_streams = route_.client_streams;
  plan_.server_streams = route_.server_streams;
  plan_.metadata = *std::move(metadata);
  plan_.timeout = *timeout;
  plan_.max_response_bytes = route_.max_response_bytes;
  plan_.counts = &request_.context().call;
  return {};
}

std::optional<HttpError> RestExchange::refusal() const {
  // Of raw bytes nobody knows the type beforehand.
  const bool any = !settings_.answers.strict_accept || wishes_.format() || route_.transcoder->response_is_raw();
  if (any) return std::nullopt;
  const Headers& headers = request_.headers();
  if (framing_.is_stream() ? accepted_stream_media(headers).has_value() : accepts_json(headers)) return std::nullopt;
  HttpError error{406, "Accept: expected application/json"};
  if (framing_.is_stream()) error.message += ", application/x-ndjson, application/jsonl or text/event-stream";
  error.message += ", got " + std::string(request_.headers().get("Accept").value_or(""));
  return error;
}

bool RestExchange::was_read_before() const {
  return framing_.kind() == AnswerFraming::Kind::Events && request_.headers().get("Last-Event-ID") == "end";
}

rpc::Task<rpc::Result<std::optional<Buffer>>> RestExchange::read() {
  return attends() ? read_attended() : reader_.read();
}

rpc::Task<rpc::Result<std::optional<Buffer>>> RestExchange::read_attended() {
  const rpc::StopToken stop = co_await rpc::current_stop();
  rpc::Result<std::optional<Buffer>> message = co_await reader_.read();
  // Whoever requested a stop has said how the exchange ends, and that reading broke off is no error of the client's.
  if (!message && !stop.stop_requested()) refused_with_ = reader_.http_status();
  was_asked_ = true;
  asked_.notify();
  const bool at_end = message && !*message;
  if (at_end && holding_) co_await request_read();
  co_return message;
}

rpc::Task<void> RestExchange::request_read() {
  if (bool mine = co_await take_turn(); !mine) co_return;
  holding_ = false;
  if (!body_.empty() && framing_.kind() != AnswerFraming::Kind::One) co_await send_held();
  give_turn();
}

rpc::Task<void> RestExchange::attend() {
  rpc::Loop& loop = request_.loop();
  while (!was_asked_) {
    if (bool asked = co_await asked_.wait(); !asked) co_return;
  }
  if (bool due = co_await rpc::sleep_for(loop, settings_.streams.flush_timeout); !due) co_return;
  if (bool taken = co_await open_early(); !taken) co_return;
  bool taken = true;
  while (taken) {
    const rpc::TimePoint due = rpc::deadline_after(last_write_, settings_.streams.heartbeat);
    if (bool elapsed = co_await rpc::sleep_until(loop, due); !elapsed) co_return;
    if (last_write_ + settings_.streams.heartbeat <= loop.now()) taken = co_await beat();
  }
}

// After the flush timeout. Raw bytes wait on: their type comes with the first message; so does a single message.
rpc::Task<bool> RestExchange::open_early() {
  last_write_ = request_.loop().now();
  if (framing_.kind() == AnswerFraming::Kind::One) co_return true;
  if (bool mine = co_await take_turn(); !mine) co_return false;
  holding_ = false;
  if (framing_.is_stream() && !streaming_ && body_.empty()) framing_.open(body_);
  bool taken = true;
  if (!body_.empty() || (framing_.is_stream() && !streaming_)) taken = co_await send_held();
  give_turn();
  co_return taken;
}

// Nothing is added behind a write that waits for its reader.
rpc::Task<bool> RestExchange::beat() {
  last_write_ = request_.loop().now();
  Buffer comment = framing_.heartbeat();
  if (comment.empty() || busy_) co_return true;
  if (bool mine = co_await take_turn(); !mine) co_return false;
  const bool taken = co_await responder_.write(std::move(comment));
  give_turn();
  co_return taken;
}

rpc::Task<bool> RestExchange::take_turn() {
  while (busy_) {
    if (bool woken = co_await turns_.wait(); !woken) co_return false;
  }
  busy_ = true;
  co_return true;
}

void RestExchange::give_turn() {
  busy_ = false;
  turns_.notify_all();
}

}  // namespace sluice::gateway
