// Router: finds the route of a request and serves it; what no route takes is answered here.
#pragma once

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "gateway/http/handler.h"
#include "gateway/route/route_table.h"
#include "rpc_core/call/call.h"

namespace sluice::gateway {

// How many calls may run at once, and how many do: what the routers of one worker, old and new, have in common.
struct CallSlots {
  std::size_t most = 0;
  std::size_t running = 0;
};

// Belongs to one worker, as the channels to the backends do, which outlive it.
class Router final : public Handler {
 public:
  // Without a free slot requests are answered 503 with Retry-After; the slots outlive the router.
  // `backends`: by RouteInfo::backend.
  Router(std::shared_ptr<const RouteTable> table, std::vector<rpc::Caller*> backends, CallSlots& slots)
      : table_(std::move(table)), backends_(std::move(backends)), slots_(slots) {}

  // For requests from now on; those that run keep the table they began with.
  void use(std::shared_ptr<const RouteTable> table) { table_ = std::move(table); }

  rpc::Task<void> handle(Request& request, Responder& responder) override;

 private:
  http_rule::Outcome find(const Request& request, std::string_view path);
  rpc::Task<void> serve(Request& request, Responder& responder, std::string_view query);
  // What is answered to a request that no route takes.
  Response refuse(http_rule::Outcome outcome, const Request& request) const;

  std::shared_ptr<const RouteTable> table_;
  const std::vector<rpc::Caller*> backends_;
  CallSlots& slots_;
  http_rule::Match match_;  // working memory of a lookup, used before the first suspension only
};

}  // namespace sluice::gateway
