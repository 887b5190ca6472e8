// RequestContext: what one exchange learns about itself on its way through the filters, as plain values.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "gateway/http/message.h"
#include "rpc_core/base/clock.h"

namespace sluice::gateway {

// Made by the session for each request; filters and the router fill it, those behind them read it.
struct RequestContext {
  // When the first byte of the request was there.
  rpc::TimePoint received;
  // Empty until a filter has set it.
  PoolString request_id;
  // The template of the route that matched; text of the route table, which the owner keeps alive through a reload.
  std::string_view route_template;
  std::shared_ptr<const void> route_owner;
  // By when the answer must be complete.
  std::optional<rpc::TimePoint> deadline;
};

}  // namespace sluice::gateway
