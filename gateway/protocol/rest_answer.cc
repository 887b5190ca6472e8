// The answer's half: one message, a stream, or an error.
#include <string>
#include <utility>

#include "gateway/http/content_coding.h"
#include "gateway/protocol/call_headers.h"
#include "gateway/protocol/rest.h"
#include "rpc_core/wire/grpc_message.h"

namespace sluice::gateway {

using rpc::Buffer;
using rpc::Metadata;
using rpc::Status;

namespace {

constexpr std::string_view kTrailerPrefix = "Grpc-Trailer-";
// Of an answer whose client still sends. Beyond it the answer flows all the same: a backend that waits for its reader
// would otherwise never read the rest of the request.
constexpr std::size_t kMostHeld = 256 * 1024;

}  // namespace

rpc::Task<bool> RestExchange::begin(const Metadata& metadata) {
  if (!streaming_) add_response_metadata(metadata, "", route_.returned, head_.headers);
  // Only bytes that the backend itself has written are in a coding of its choice.
  if (!route_.transcoder->response_is_raw()) head_.headers.remove("Content-Encoding");
  co_return true;
}

rpc::Task<bool> RestExchange::write(Buffer message) {
  bool mine = !std::exchange(busy_, true);
  if (!mine) mine = co_await take_turn();
  if (!mine) co_return false;
  Buffer item(kResponseHeadroom, message.size() * 2);
  bool taken = true;
  if (const rpc::Result<void> printed = print(message.text(), item); !printed) {
    failure_ = printed.error();
    taken = false;
  } else if (framing_.kind() == AnswerFraming::Kind::One) {
    body_ = std::move(item);
  } else if (streaming_ && !holding_ && body_.empty()) {
    last_write_ = request_.loop().now();
    taken = co_await responder_.write(std::move(item));
  } else {
    taken = co_await send_item(std::move(item));
  }
  give_turn();
  co_return taken;
}

rpc::Result<void> RestExchange::print(std::string_view message, Buffer& item) {
  if (route_.transcoder->response_is_raw()) return copy_raw(message, item);
  PrintOptions options = wishes_.print();
  if (framing_.on_one_line()) options.pretty = false;
  framing_.before_message(item);
  const rpc::Result<void> printed = route_.transcoder->response(message, options, item);
  framing_.after_message(item);
  return printed;
}

rpc::Result<void> RestExchange::copy_raw(std::string_view message, Buffer& item) {
  const rpc::Result<RawBody> raw = route_.transcoder->raw_response(message);
  if (!raw) return rpc::fail(raw.error());
  if (!streaming_ && !head_.headers.contains("Content-Type")) {
    head_.headers.add("Content-Type", raw->content_type.empty() ? "application/octet-stream" : raw->content_type);
  }
  item.append(raw->data);
  return {};
}

rpc::Task<bool> RestExchange::send_item(Buffer item) {
  holding_ = holding_ && body_.size() + item.size() <= kMostHeld;
  if (holding_) {
    body_.append(item.bytes());
    co_return true;
  }
  if (!body_.empty()) {
    if (bool sent = co_await send_held(); !sent) co_return false;
  } else if (!streaming_) {
    if (bool begun = co_await begin_stream(); !begun) co_return false;
  }
  last_write_ = request_.loop().now();
  co_return co_await responder_.write(std::move(item));
}

rpc::Task<bool> RestExchange::send_held() {
  if (!streaming_) {
    if (bool begun = co_await begin_stream(); !begun) co_return false;
  }
  last_write_ = request_.loop().now();
  Buffer held = std::exchange(body_, Buffer());
  co_return co_await responder_.write(std::move(held));
}

rpc::Task<bool> RestExchange::begin_stream() {
  streaming_ = true;
  framing_.add_headers(head_.headers);
  co_return co_await responder_.begin(std::move(head_));
}

rpc::Task<void> RestExchange::end(const Status& status, const Metadata& trailers) {
  if (failure_) failure_->set_origin(Status::Origin::Transport);
  if (request_.context().stopping && status.code() == rpc::StatusCode::Cancelled) failure_ = stopping_status();
  const Status& outcome = failure_ ? *failure_ : status;
  const bool held = framing_.kind() != AnswerFraming::Kind::One && !body_.empty();
  if (held && outcome.ok()) co_await send_held();
  if (streaming_) {
    co_await end_stream(outcome, trailers);
  } else if (!outcome.ok()) {
    co_await send_error(outcome, trailers);
  } else {
    co_await send_one(trailers);
  }
}

// The one message, or a stream without any.
rpc::Task<void> RestExchange::send_one(const Metadata& trailers) {
  if (!route_.transcoder->response_is_raw()) framing_.add_headers(head_.headers);
  if (framing_.is_stream()) {
    const Buffer end = framing_.end(Status(), settings_.errors);
    body_.reset(kResponseHeadroom);
    body_.append(end.bytes());
  }
  return send_whole(Response(std::move(head_), std::move(body_)), trailers);
}

rpc::Task<void> RestExchange::send_error(const Status& status, const Metadata& trailers) {
  if (!attends()) refused_with_ = reader_.http_status();
  Response answer =
      refused_with_ ? settings_.errors.of_http(*refused_with_, status.message()) : settings_.errors.of_status(status);
  if (refused_with_ == 415) {
    answer.head.headers.add(request_.method() == "PATCH" ? "Accept-Patch" : "Accept-Post", "application/json");
    const auto coding = request_.headers().get("Content-Encoding");
    if (coding && !coding_from_name(*coding)) answer.head.headers.add("Accept-Encoding", kAcceptedCodings);
  }
  for (const auto& [name, value] : head_.headers) {
    const bool of_the_body = equal_ignoring_case(name, "Content-Type") || equal_ignoring_case(name, "Content-Encoding");
    if (!of_the_body) answer.head.headers.add(name, value);
  }
  return send_whole(std::move(answer), trailers);
}

rpc::Task<void> RestExchange::send_whole(Response whole, const Metadata& trailers) {
  Headers fields;
  if (takes_trailers_) {
    add_response_metadata(trailers, "", route_.returned, fields);
  } else {
    add_response_metadata(trailers, kTrailerPrefix, route_.returned, whole.head.headers);
  }
  if (fields.empty()) return responder_.send(std::move(whole));
  return send_with_trailers(std::move(whole), std::move(fields));
}

rpc::Task<void> RestExchange::send_with_trailers(Response whole, Headers fields) {
  if (bool begun = co_await responder_.begin(std::move(whole.head)); !begun) co_return;
  co_await responder_.write(std::move(whole.body));
  co_await responder_.end(std::move(fields));
}

// After the first message an error can only be told in-band, by trailers, and by an end that is none.
rpc::Task<void> RestExchange::end_stream(const Status& status, const Metadata& trailers) {
  if (request_.method() == "HEAD") {
    co_await responder_.end();
    co_return;
  }
  Buffer tail = framing_.end(status, settings_.errors);
  co_await responder_.write(std::move(tail));
  const bool told = framing_.kind() == AnswerFraming::Kind::Events;
  if (!status.ok() && !takes_trailers_ && !told) {
    responder_.abort();
    co_return;
  }
  Headers fields = trailing_fields(status, trailers);
  co_await responder_.end(std::move(fields));
}

Headers RestExchange::trailing_fields(const Status& status, const Metadata& trailers) const {
  Headers fields;
  if (!takes_trailers_) return fields;
  if (!status.ok()) {
    const Status shown = settings_.errors.shown(status);
    fields.add("grpc-status", std::to_string(static_cast<std::uint32_t>(shown.code())));
    fields.add("grpc-message", rpc::encode_grpc_message(shown.message()));
  }
  add_response_metadata(trailers, "", route_.returned, fields);
  return fields;
}

}  // namespace sluice::gateway
