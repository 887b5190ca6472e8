// RequestContext: what one exchange learns about itself on its way through the filters, as plain values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "gateway/http/http_counts.h"
#include "gateway/http/message.h"
#include "rpc_core/base/clock.h"

namespace sluice::gateway {

// What became of the call to the backend.
struct CallCounts {
  std::optional<int> grpc_status;   // once it is over; nothing: none was made
  std::optional<Limit> limit;       // that ended it
  std::uint64_t messages_sent = 0;  // to the backend
  std::uint64_t messages_received = 0;
};

// Made by the session for each request; filters and the router fill it, those behind them read it.
struct RequestContext {
  // When the first byte of the request was there.
  rpc::TimePoint received;
  // The address behind trusted proxies; empty: the peer's.
  PoolString client;
  bool peer_is_trusted = false;  // what it says of the request's origin is passed on
  // Empty until a filter has set it.
  PoolString request_id;
  // What the backend is to take as its parent; empty: what the client sent.
  PoolString traceparent;
  // The template of the route that matched; text of the route table, which the owner keeps alive through a reload.
  std::string_view route_template;
  std::string_view rpc;  // "/package.Service/Method"; as long as the template
  CallCounts call;
  std::size_t request_bytes = 0;  // of the body, decoded
  std::shared_ptr<const void> route_owner;
  // The gateway stops, and has cancelled this request.
  bool stopping = false;
  // By when the answer must be complete.
  std::optional<rpc::TimePoint> deadline;
  // Of the worker, and outlives this; nullptr: nobody counts.
  HttpCounts* counts = nullptr;

  // The request is cut short by it.
  void hit(Limit limit) const {
    if (counts != nullptr) counts->hit(limit);
  }
};

}  // namespace sluice::gateway
