// ClientAddress: finds whom a request behind trusted proxies comes from.
#pragma once

#include <utility>
#include <vector>

#include "gateway/http/handler.h"
#include "gateway/http/trusted_proxies.h"

namespace sluice::gateway {

// A filter around the next handler, which outlives it. Fills RequestContext::client and ::peer_is_trusted.
class ClientAddress final : public Handler {
 public:
  ClientAddress(Handler& next, std::vector<AddressRange> trusted) : next_(next), trusted_(std::move(trusted)) {}
  rpc::Task<void> handle(Request& request, Responder& responder) override;

 private:
  Handler& next_;
  const std::vector<AddressRange> trusted_;
};

}  // namespace sluice::gateway
