// Resolver: from the name of a target to the addresses that serve it.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "rpc_core/base/endpoint.h"
#include "rpc_core/base/loop.h"
#include "rpc_core/base/result.h"

namespace sluice::rpc {

class Resolver {
 public:
  virtual ~Resolver() = default;
  // At least one address, in the order in which to try them; or UNAVAILABLE, saying which name had none.
  virtual Task<Result<std::vector<Endpoint>>> resolve() = 0;
};

// A target as https://github.com/grpc/grpc/blob/master/doc/naming.md spells it: "dns:///host:port", "host:port",
// "ipv4:1.2.3.4:80", "ipv6:[::1]:80", "unix:/path", "unix:///path".
struct Target {
  Endpoint endpoint;
  std::string authority;  // for :authority and the TLS host name check
};
Result<Target> parse_target(std::string_view text);

// For IP literals and unix sockets the endpoint itself; for names DNS, asked at each resolve().
std::unique_ptr<Resolver> make_resolver(Loop& loop, const Endpoint& endpoint);

}  // namespace sluice::rpc
