// dispatch: serves one request that has found its route, by the protocol that the client speaks on it.
#pragma once

#include <span>
#include <string_view>

#include "gateway/http/handler.h"
#include "gateway/protocol/rest_route.h"
#include "gateway/protocol/rest_settings.h"
#include "rpc_core/call/call.h"

namespace sluice::gateway {

// What the router has found; borrowed until dispatch() has returned, but for the captures: until it first suspends.
struct Found {
  const RestRoute& route;
  RestSettings settings;
  std::span<const std::string_view> captures;
  std::string_view query;
};

rpc::Task<void> dispatch(Request& request, Responder& responder, const Found& found, rpc::Caller& backend);

}  // namespace sluice::gateway
