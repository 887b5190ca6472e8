// The request's half: head, body, binding.
#include "gateway/protocol/rest.h"

#include <string>
#include <utility>

#include "gateway/protocol/call_headers.h"
#include "gateway/protocol/media.h"
#include "gateway/protocol/request_deadline.h"
#include "gateway/transcode/binding_error.h"

namespace sluice::gateway {

using rpc::Buffer;
using rpc::Metadata;

RestExchange::RestExchange(Request& request, Responder& responder, const RestRoute& route, const ErrorAnswers& errors,
                           const PrintOptions& print)
    : request_(request),
      responder_(responder),
      route_(route),
      errors_(errors),
      print_(print),
      framing_(framing_of(request, route)),
      takes_trailers_(request.headers().has_token("TE", "trailers") && request.method() != "HEAD" &&
                      request.head().version == HttpVersion::Http11) {}

RestExchange::Framing RestExchange::framing_of(const Request& request, const RestRoute& route) {
  if (!route.server_streams) return Framing::One;
  if (route.transcoder->response_is_raw()) return Framing::Raw;
  return prefers_lines(request.headers()) ? Framing::Lines : Framing::Array;
}

rpc::Result<void> RestExchange::bind(std::span<const std::string_view> captures, std::string_view query) {
  std::string scratch;
  for (std::size_t i = 0; i < captures.size(); ++i) {
    const auto decoded = http_rule::decode_capture(captures[i], route_.unescape[i], scratch);
    if (!decoded) return rpc::fail(binding_error(route_.variables[i], decoded.error().message()));
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
  if (std::exchange(read_, true)) co_return std::nullopt;
  const rpc::Result<void> type = check_content_type();
  // A client that waits for "100 Continue" need not send what is refused anyway.
  if (!type && request_.headers().contains("Expect")) co_return unsupported(type.error());
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
    if (!type && !body.empty()) co_return unsupported(type.error());
    rpc::Result<Buffer> message = encode(body);
    if (!message) co_return rpc::fail(std::move(message.error()));
    co_return std::optional<Buffer>(*std::move(message));
  }
}

std::unexpected<rpc::Status> RestExchange::unsupported(const rpc::Status& error) {
  http_status_ = 415;
  return rpc::fail(error);
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

}  // namespace sluice::gateway
