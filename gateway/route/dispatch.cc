// Binding first; then the call, or the answer without one.
#include "gateway/route/dispatch.h"

#include <utility>

#include "gateway/protocol/rest.h"
#include "gateway/proxy.h"

namespace sluice::gateway {

rpc::Task<void> dispatch(Request& request, Responder& responder, const Found& found, rpc::Caller& backend) {
  RestExchange exchange(request, responder, found.route, found.settings);
  const rpc::Result<void> bound = exchange.bind(found.captures, found.query);
  if (!bound) {
    const rpc::Metadata no_trailers;
    co_await exchange.end(bound.error(), no_trailers);
  } else if (exchange.was_read_before()) {
    Response nothing(204);
    co_await responder.send(std::move(nothing));
  } else {
    co_await forward(exchange, backend);
  }
}

}  // namespace sluice::gateway
