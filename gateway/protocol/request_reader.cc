// Reading, splitting, and what is wrong with a body.
#include "gateway/protocol/request_reader.h"

#include <string>
#include <utility>

#include "gateway/http/content_coding.h"
#include "gateway/protocol/media.h"
#include "gateway/transcode/binding_error.h"

namespace sluice::gateway {

using rpc::Buffer;

namespace {

bool announces_body(const Headers& headers) {
  return headers.get("Content-Length").value_or("").find_first_not_of('0') != std::string_view::npos;
}

// As good as any where none binds.
constexpr RequestBinding::Text kAnyBody = {"{}"};

}  // namespace

RequestReader::RequestReader(Request& request, const RestRoute& route, RequestBinding& binding)
    : request_(request),
      route_(route),
      binding_(binding),
      shape_(!route.client_streams || !route.transcoder->takes_body() ? Shape::One
             : route.transcoder->request_is_raw()                     ? Shape::Pieces
                                                                      : Shape::Values),
      splitter_(route.max_request_bytes) {}

// No coroutine itself: what it chooses is awaited in its place.
rpc::Task<RequestReader::Message> RequestReader::read() {
  if (!std::exchange(started_, true)) {
    type_ = check_head();
    // A client that waits for "100 Continue" need not send what is refused anyway.
    const bool waits = request_.headers().contains("Expect");
    if (waits && !type_) return failed(refuse(415, type_.error()));
    if (waits && !route_.transcoder->takes_body() && announces_body(request_.headers())) {
      return failed(rpc::fail(encode(kAnyBody).error()));
    }
    // A stream may turn out to have no message that path and query would bind on.
    if (waits || shape_ == Shape::Values) {
      if (const rpc::Result<void> bound = binding_.check(); !bound) return failed(rpc::fail(bound.error()));
    }
    if (shape_ == Shape::One) request_.limit_body(route_.max_request_bytes);
  }
  if (shape_ == Shape::One) return read_one();
  return shape_ == Shape::Values ? read_value() : read_piece();
}

rpc::Task<RequestReader::Message> RequestReader::failed(std::unexpected<rpc::Status> error) { co_return error; }

rpc::Task<RequestReader::Message> RequestReader::read_one() {
  if (ended_) co_return std::nullopt;
  Buffer whole;
  while (true) {
    const rpc::Result<BodyChunk> chunk = co_await request_.read_body();
    if (const rpc::Result<void> good = note(chunk); !good) co_return rpc::fail(good.error());
    if (!ended_) {
      whole.append(chunk->bytes);
      continue;
    }
    if (!whole.empty()) whole.append(chunk->bytes);
    RequestBinding::Text body;
    body.bytes = whole.empty() ? chunk->text() : whole.text();
    co_return encode(body);
  }
}

rpc::Task<RequestReader::Message> RequestReader::read_value() {
  while (true) {
    const rpc::Result<std::optional<JsonSplitter::Value>> value = splitter_.next();
    if (!value) {
      const bool too_long = value.error().code() == rpc::StatusCode::ResourceExhausted;
      co_return refuse(too_long ? 413 : 400, value.error());
    }
    if (*value) {
      const JsonSplitter::Value& one = **value;
      co_return encode({one.text, one.line, one.column});
    }
    if (ended_) co_return std::nullopt;
    const rpc::Result<BodyChunk> chunk = co_await request_.read_body();
    if (const rpc::Result<void> good = note(chunk); !good) co_return rpc::fail(good.error());
    splitter_.feed(chunk->text());
    if (ended_) splitter_.finish();
  }
}

// An empty body, too, is a message: path and query bind on it.
rpc::Task<RequestReader::Message> RequestReader::read_piece() {
  if (ended_) co_return std::nullopt;
  while (true) {
    const rpc::Result<BodyChunk> chunk = co_await request_.read_body();
    if (const rpc::Result<void> good = note(chunk); !good) co_return rpc::fail(good.error());
    if (!chunk->bytes.empty() || (ended_ && binding_.first())) {
      RequestBinding::Text piece;
      piece.bytes = chunk->text();
      co_return encode(piece);
    }
    if (ended_) co_return std::nullopt;
  }
}

rpc::Result<void> RequestReader::note(const rpc::Result<BodyChunk>& chunk) {
  if (!chunk) {
    http_status_ = http_status_of_body_error(chunk.error());
    if (http_status_ == 413) request_.context().hit(Limit::MaxRequestBytes);
    return rpc::fail(chunk.error());
  }
  request_.context().request_bytes += chunk->bytes.size();
  if (!type_ && !chunk->bytes.empty()) return refuse(415, type_.error());
  ended_ = chunk->last;
  return {};
}

RequestReader::Message RequestReader::encode(const RequestBinding::Text& body) {
  rpc::Result<Buffer> message = binding_.encode(body);
  if (!message && message.error().message().ends_with(kNestedTooDeep)) request_.context().hit(Limit::MaxJsonDepth);
  if (!message) return rpc::fail(std::move(message.error()));
  return std::optional<Buffer>(*std::move(message));
}

std::unexpected<rpc::Status> RequestReader::refuse(int http_status, const rpc::Status& error) {
  if (http_status != 400) http_status_ = http_status;
  if (http_status == 413) request_.context().hit(Limit::MaxRequestBytes);
  return rpc::fail(error);
}

rpc::Result<void> RequestReader::check_head() const {
  if (!route_.transcoder->takes_body()) return {};
  if (const auto encoding = request_.headers().get("Content-Encoding")) {
    // The codings that are known have been undone on the way here.
    if (!coding_from_name(*encoding)) {
      return rpc::fail(rpc::StatusCode::InvalidArgument, "Content-Encoding: expected one of " +
                                                             std::string(kAcceptedCodings) + ", got \"" +
                                                             std::string(*encoding) + "\"");
    }
  }
  const auto type = request_.headers().get("Content-Type");
  if (!type || route_.transcoder->request_is_raw() || is_json(*type)) return {};
  if (shape_ == Shape::Values && is_json_lines(*type)) return {};
  const std::string expected =
      shape_ == Shape::Values ? "application/json or application/x-ndjson" : "application/json";
  return rpc::fail(rpc::StatusCode::InvalidArgument,
                   "Content-Type: expected " + expected + " in UTF-8, got \"" + std::string(*type) + "\"");
}

}  // namespace sluice::gateway
