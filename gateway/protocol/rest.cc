#include "gateway/protocol/rest.h"

#include <algorithm>
#include <string>
#include <utility>

#include "gateway/protocol/call_headers.h"
#include "gateway/protocol/request_deadline.h"

namespace sluice::gateway {
namespace {

using rpc::Buffer;
using rpc::Metadata;
using rpc::Status;

constexpr std::string_view kTrailerPrefix = "Grpc-Trailer-";

// "application/json; charset=utf-8" -> "application/json"; parameters other than charset=utf-8 are no JSON.
bool is_json(std::string_view content_type) {
  const std::size_t semicolon = content_type.find(';');
  std::string_view type = content_type.substr(0, semicolon);
  while (type.ends_with(' ')) type.remove_suffix(1);
  const bool json = equal_ignoring_case(type, "application/json") ||
                    (type.size() > 5 && equal_ignoring_case(type.substr(type.size() - 5), "+json"));
  if (!json || semicolon == std::string_view::npos) return json;
  std::string_view parameter = content_type.substr(semicolon + 1);
  while (parameter.starts_with(' ')) parameter.remove_prefix(1);
  if (!equal_ignoring_case(parameter.substr(0, 8), "charset=")) return true;
  std::string_view charset = parameter.substr(8);
  if (charset.size() >= 2 && charset.starts_with('"') && charset.ends_with('"')) {
    charset = charset.substr(1, charset.size() - 2);
  }
  return equal_ignoring_case(charset, "utf-8");
}

bool accepts_lines(const Headers& headers) {
  return headers.has_token("Accept", "application/x-ndjson") || headers.has_token("Accept", "application/jsonl");
}

}  // namespace

RestExchange::RestExchange(Request& request, Responder& responder, const RestRoute& route, const ErrorAnswers& errors,
                           const PrintOptions& print)
    : request_(request),
      responder_(responder),
      route_(route),
      errors_(errors),
      print_(print),
      framing_(!route.server_streams                   ? Framing::One
               : accepts_lines(request.headers()) ? Framing::Lines
                                                       : Framing::Array) {}

rpc::Result<void> RestExchange::bind(std::span<const std::string_view> captures, std::string_view query) {
  std::string scratch;
  for (std::size_t i = 0; i < captures.size(); ++i) {
    const auto decoded = http_rule::decode_capture(captures[i], route_.unescape[i], scratch);
    if (!decoded) return rpc::fail(decoded.error());
    captures_.emplace_back(*decoded);
  }
  query_ = query;
  rpc::Result<Metadata> metadata = metadata_of_request(request_.head(), request_.peer());
  if (!metadata) return rpc::fail(std::move(metadata.error()));
  const auto timeout = request_timeout(request_.headers(), route_.server_streams ? std::nullopt : route_.timeout);
  if (!timeout) return rpc::fail(timeout.error());
  plan_.path = route_.call_path;
  plan_.server_streams = route_.server_streams;
  plan_.metadata = *std::move(metadata);
  plan_.timeout = *timeout;
  plan_.max_response_bytes = route_.max_response_bytes;
  return {};
}

rpc::Task<rpc::Result<std::optional<Buffer>>> RestExchange::read() {
  request_.limit_body(route_.max_request_bytes);
  Buffer whole;
  while (true) {
    const rpc::Result<BodyChunk> chunk = co_await request_.read_body();
    if (!chunk) {
      http_status_ = http_status_of_body_error(chunk.error());
      co_return rpc::fail(chunk.error());
    }
    if (!chunk->last) {
      whole.append(chunk->bytes);
      continue;
    }
    if (!whole.empty()) whole.append(chunk->bytes);
    const std::string_view body = whole.empty() ? chunk->text() : whole.text();
    if (const rpc::Result<void> type = check_content_type(); !type && !body.empty()) {
      http_status_ = 415;
      co_return rpc::fail(type.error());
    }
    rpc::Result<Buffer> message = encode(body);
    if (!message) co_return rpc::fail(std::move(message.error()));
    co_return std::optional<Buffer>(*std::move(message));
  }
}

rpc::Result<void> RestExchange::check_content_type() const {
  if (!route_.transcoder->takes_body()) return {};
  if (const auto encoding = request_.headers().get("Content-Encoding")) {
    if (!equal_ignoring_case(*encoding, "identity")) {
      return rpc::fail(rpc::StatusCode::InvalidArgument,
                       "Content-Encoding: expected identity, got \"" + std::string(*encoding) + "\"");
    }
  }
  const auto type = request_.headers().get("Content-Type");
  if (!type || route_.transcoder->request_is_raw() || is_json(*type)) return {};
  return rpc::fail(rpc::StatusCode::InvalidArgument,
                   "Content-Type: expected application/json in UTF-8, got \"" + std::string(*type) + "\"");
}

rpc::Result<Buffer> RestExchange::encode(std::string_view body) const {
  std::vector<std::string_view, rpc::PoolAllocator<std::string_view>> captures(captures_.begin(), captures_.end());
  RequestParts parts;
  parts.captures = captures;
  parts.query = query_;
  parts.body = body;
  parts.content_type = request_.headers().get("Content-Type").value_or("");
  Buffer message(rpc::kMessagePrefixBytes, body.size() + 256);
  if (const rpc::Result<void> bound = route_.transcoder->request(parts, message); !bound) {
    return rpc::fail(bound.error());
  }
  return message;
}

rpc::Task<bool> RestExchange::begin(const Metadata& metadata) {
  add_response_metadata(metadata, "", head_.headers);
  co_return true;
}

rpc::Task<bool> RestExchange::write(Buffer message) {
  if (framing_ != Framing::One) co_return co_await write_item(message.text());
  body_.reset(kResponseHeadroom, message.size() * 2);
  if (route_.transcoder->response_is_raw()) {
    const rpc::Result<RawBody> raw = route_.transcoder->raw_response(message.text());
    if (raw) {
      head_.headers.set("Content-Type", raw->content_type.empty() ? "application/octet-stream" : raw->content_type);
      body_.append(raw->data);
    } else {
      failure_ = raw.error();
    }
    co_return true;
  }
  head_.headers.add("Content-Type", "application/json");
  if (const rpc::Result<void> printed = route_.transcoder->response(message.text(), print_, body_); !printed) {
    failure_ = printed.error();
  }
  co_return true;
}

rpc::Task<bool> RestExchange::write_item(std::string_view message) {
  Buffer item(kResponseHeadroom, message.size() * 2);
  if (framing_ == Framing::Array) item.push_back(streaming_ ? ',' : '[');
  PrintOptions print = print_;
  if (framing_ == Framing::Lines) print.pretty = false;
  if (const rpc::Result<void> printed = route_.transcoder->response(message, print, item); !printed) {
    failure_ = printed.error();
    co_return false;
  }
  if (framing_ == Framing::Lines) item.push_back('\n');
  if (!streaming_) {
    streaming_ = true;
    head_.headers.add("Content-Type", framing_ == Framing::Lines ? "application/x-ndjson" : "application/json");
    if (bool begun = co_await responder_.begin(std::move(head_)); !begun) co_return false;
  }
  co_return co_await responder_.write(std::move(item));
}

rpc::Task<void> RestExchange::end(const Status& status, const Metadata& trailers) {
  if (failure_) {
    failure_->set_origin(Status::Origin::Transport);
    if (streaming_) {
      responder_.abort();
    } else {
      co_await send_error(*failure_, trailers);
    }
  } else if (streaming_) {
    co_await end_stream(status);
  } else if (!status.ok()) {
    co_await send_error(status, trailers);
  } else {
    co_await send_one(trailers);
  }
}

rpc::Task<void> RestExchange::send_one(const Metadata& trailers) {
  if (framing_ != Framing::One) {
    head_.headers.add("Content-Type", framing_ == Framing::Lines ? "application/x-ndjson" : "application/json");
    body_.reset(kResponseHeadroom);
    if (framing_ == Framing::Array) body_.append("[]");
  }
  add_response_metadata(trailers, kTrailerPrefix, head_.headers);
  Response whole(std::move(head_), std::move(body_));
  co_await responder_.send(std::move(whole));
}

rpc::Task<void> RestExchange::send_error(const Status& status, const Metadata& trailers) {
  Response answer = http_status_ ? errors_.of_http(*http_status_, status.message()) : errors_.of_status(status);
  if (http_status_ == 415) {
    answer.head.headers.add(request_.method() == "PATCH" ? "Accept-Patch" : "Accept-Post", "application/json");
  }
  for (const auto& [name, value] : head_.headers) {
    if (!equal_ignoring_case(name, "Content-Type")) answer.head.headers.add(name, value);
  }
  add_response_metadata(trailers, kTrailerPrefix, answer.head.headers);
  co_await responder_.send(std::move(answer));
}

// After the first message an error can only be told in-band: as the last line, or by an array that is never closed.
rpc::Task<void> RestExchange::end_stream(const Status& status) {
  if (status.ok()) {
    Buffer close;
    if (framing_ == Framing::Array) close.append("]");
    co_await responder_.write(std::move(close));
    co_await responder_.end();
    co_return;
  }
  if (framing_ == Framing::Lines) {
    Response error = errors_.of_status(status);
    Buffer line(0, error.body.size() + 16);
    line.append("{\"error\":");
    line.append(error.body.text());
    line.append("}\n");
    co_await responder_.write(std::move(line));
  }
  responder_.abort();
}

}  // namespace sluice::gateway
