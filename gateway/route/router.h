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

// Belongs to one worker, as the channels to the backends do, which outlive it.
class Router final : public Handler {
 public:
  // Beyond max_calls at a time requests are answered 503 with Retry-After.
  // `backends`: by RouteInfo::backend.
  Router(std::shared_ptr<const RouteTable> table, std::vector<rpc::Caller*> backends, std::size_t max_calls)
      : table_(std::move(table)), backends_(std::move(backends)), max_calls_(max_calls) {}

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
  const std::size_t max_calls_;
  std::size_t calls_ = 0;
  http_rule::Match match_;  // working memory of a lookup, used before the first suspension only
};

}  // namespace sluice::gateway
