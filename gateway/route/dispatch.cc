// Binding first; then the call, or the answer without one.
#include "gateway/route/dispatch.h"

#include <optional>
#include <utility>

#include "gateway/protocol/rest.h"
#include "gateway/protocol/web_socket_exchange.h"
#include "gateway/proxy.h"

namespace sluice::gateway {

namespace {

const rpc::Metadata kNoTrailers;

rpc::Task<void> serve_rest(Request& request, Responder& responder, const Found& found, rpc::Caller& backend) {
  RestExchange exchange(request, responder, found.route, found.settings);
  const rpc::Result<void> bound = exchange.bind(found.captures, found.query);
  const std::optional<HttpError> refused = exchange.refusal();
  if (!bound) {
    co_await exchange.end(bound.error(), kNoTrailers);
  } else if (refused) {
    Response answer = found.settings.errors.of_http(refused->status, refused->message);
    co_await responder.send(std::move(answer));
  } else if (exchange.was_read_before()) {
    Response nothing(204);
    co_await responder.send(std::move(nothing));
  } else {
    co_await forward(exchange, backend);
  }
}

Response refusal(const HttpError& error, const ErrorAnswers& errors) {
  Response answer = errors.of_http(error.status, error.message);
  if (error.status == 426) {
    answer.head.headers.add("Upgrade", "websocket");
    answer.head.headers.add("Sec-WebSocket-Version", "13");
  }
  return answer;
}

rpc::Task<void> serve_web_socket(Request& request, Responder& responder, const Found& found, rpc::Caller& backend) {
  WebSocketExchange exchange(request, found.route, found.settings);
  const std::optional<HttpError> refused = check_web_socket(request.head(), found.settings.streams.origins);
  const rpc::Result<void> bound = exchange.bind(found.captures, found.query);
  if (refused || !bound) {
    const ErrorAnswers& errors = found.settings.errors;
    Response answer;
    if (refused) {
      answer = refusal(*refused, errors);
    } else {
      answer = errors.of_status(bound.error());
    }
    co_await responder.send(std::move(answer));
    co_return;
  }
  WebSocket* const socket = co_await responder.upgrade(found.route.max_request_bytes);
  if (socket == nullptr) co_return;
  exchange.open(*socket);
  co_await forward(exchange, backend);
}

}  // namespace

rpc::Task<void> dispatch(Request& request, Responder& responder, const Found& found, rpc::Caller& backend) {
  const bool streams = found.route.client_streams || found.route.server_streams;
  if (streams && asks_for_web_socket(request.head())) return serve_web_socket(request, responder, found, backend);
  return serve_rest(request, responder, found, backend);
}

}  // namespace sluice::gateway
