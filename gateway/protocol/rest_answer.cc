// The answer's half: one message, a stream, or an error.
#include <string>
#include <utility>

#include "gateway/protocol/call_headers.h"
#include "gateway/protocol/rest.h"
#include "rpc_core/wire/grpc_message.h"

namespace sluice::gateway {

using rpc::Buffer;
using rpc::Metadata;
using rpc::Status;

namespace {

constexpr std::string_view kTrailerPrefix = "Grpc-Trailer-";

}  // namespace

rpc::Task<bool> RestExchange::begin(const Metadata& metadata) {
  add_response_metadata(metadata, "", head_.headers);
  co_return true;
}

rpc::Task<bool> RestExchange::write(Buffer message) {
  Buffer item(kResponseHeadroom, message.size() * 2);
  if (const rpc::Result<void> printed = print(message.text(), item); !printed) {
    failure_ = printed.error();
    co_return false;
  }
  if (framing_ == Framing::One) {
    body_ = std::move(item);
    co_return true;
  }
  if (!std::exchange(streaming_, true)) {
    add_content_type();
    if (bool begun = co_await responder_.begin(std::move(head_)); !begun) co_return false;
  }
  co_return co_await responder_.write(std::move(item));
}

rpc::Result<void> RestExchange::print(std::string_view message, Buffer& item) {
  if (route_.transcoder->response_is_raw()) return copy_raw(message, item);
  PrintOptions options = print_;
  if (framing_ == Framing::Lines) options.pretty = false;
  if (framing_ == Framing::Array) item.push_back(streaming_ ? ',' : '[');
  const rpc::Result<void> printed = route_.transcoder->response(message, options, item);
  if (framing_ == Framing::Lines) item.push_back('\n');
  return printed;
}

rpc::Result<void> RestExchange::copy_raw(std::string_view message, Buffer& item) {
  const rpc::Result<RawBody> raw = route_.transcoder->raw_response(message);
  if (!raw) return rpc::fail(raw.error());
  if (!streaming_) {
    head_.headers.add("Content-Type", raw->content_type.empty() ? "application/octet-stream" : raw->content_type);
  }
  item.append(raw->data);
  return {};
}

// Raw bytes bring their own; a stream of them that is empty has none.
void RestExchange::add_content_type() {
  if (route_.transcoder->response_is_raw()) return;
  head_.headers.add("Content-Type", framing_ == Framing::Lines ? "application/x-ndjson" : "application/json");
}

rpc::Task<void> RestExchange::end(const Status& status, const Metadata& trailers) {
  if (failure_) failure_->set_origin(Status::Origin::Transport);
  const Status& outcome = failure_ ? *failure_ : status;
  if (streaming_) {
    co_await end_stream(outcome, trailers);
  } else if (!outcome.ok()) {
    co_await send_error(outcome, trailers);
  } else {
    co_await send_one(trailers);
  }
}

rpc::Task<void> RestExchange::send_one(const Metadata& trailers) {
  add_content_type();
  if (framing_ == Framing::Array) {
    body_.reset(kResponseHeadroom);
    body_.append("[]");
  }
  Response whole(std::move(head_), std::move(body_));
  co_await send_whole(std::move(whole), trailers);
}

rpc::Task<void> RestExchange::send_error(const Status& status, const Metadata& trailers) {
  Response answer = http_status_ ? errors_.of_http(*http_status_, status.message()) : errors_.of_status(status);
  if (http_status_ == 415) {
    answer.head.headers.add(request_.method() == "PATCH" ? "Accept-Patch" : "Accept-Post", "application/json");
  }
  for (const auto& [name, value] : head_.headers) {
    if (!equal_ignoring_case(name, "Content-Type")) answer.head.headers.add(name, value);
  }
  co_await send_whole(std::move(answer), trailers);
}

rpc::Task<void> RestExchange::send_whole(Response whole, const Metadata& trailers) {
  Headers fields;
  if (takes_trailers_) {
    add_response_metadata(trailers, "", fields);
  } else {
    add_response_metadata(trailers, kTrailerPrefix, whole.head.headers);
  }
  if (fields.empty()) {
    co_await responder_.send(std::move(whole));
    co_return;
  }
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
  Buffer tail = tail_of_stream(status);
  co_await responder_.write(std::move(tail));
  if (!status.ok() && !takes_trailers_) {
    responder_.abort();
    co_return;
  }
  Headers fields = trailing_fields(status, trailers);
  co_await responder_.end(std::move(fields));
}

Buffer RestExchange::tail_of_stream(const Status& status) const {
  Buffer tail;
  if (status.ok() && framing_ == Framing::Array) tail.append("]");
  if (!status.ok() && framing_ == Framing::Lines) {
    tail = errors_.in_band(status);
    tail.push_back('\n');
  }
  return tail;
}

Headers RestExchange::trailing_fields(const Status& status, const Metadata& trailers) const {
  Headers fields;
  if (!takes_trailers_) return fields;
  if (!status.ok()) {
    const Status shown = errors_.shown(status);
    fields.add("grpc-status", std::to_string(static_cast<std::uint32_t>(shown.code())));
    fields.add("grpc-message", rpc::encode_grpc_message(shown.message()));
  }
  add_response_metadata(trailers, "", fields);
  return fields;
}

}  // namespace sluice::gateway
