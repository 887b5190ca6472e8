// DnsResolver: host names by /etc/hosts and DNS, with c-ares, which starts no thread.
#pragma once

#include <vector>

#include "rpc_core/naming/resolver.h"

namespace sluice::rpc {

class DnsResolver final : public Resolver {
 public:
  DnsResolver(Loop& loop, Endpoint endpoint) : loop_(loop), endpoint_(std::move(endpoint)) {}
  Task<Result<std::vector<Endpoint>>> resolve() override;

 private:
  Loop& loop_;
  const Endpoint endpoint_;
};

}  // namespace sluice::rpc
