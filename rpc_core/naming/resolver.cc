#include "rpc_core/naming/resolver.h"

#include <arpa/inet.h>

#include "rpc_core/naming/dns.h"

namespace sluice::rpc {
namespace {

class FixedResolver final : public Resolver {
 public:
  explicit FixedResolver(Endpoint endpoint) : endpoint_(std::move(endpoint)) {}
  Task<Result<std::vector<Endpoint>>> resolve() override {
    std::vector<Endpoint> endpoints(1, endpoint_);
    co_return endpoints;
  }

 private:
  Endpoint endpoint_;
};

bool is_ip_literal(const std::string& host) {
  in6_addr address;
  return inet_pton(AF_INET, host.c_str(), &address) == 1 || inet_pton(AF_INET6, host.c_str(), &address) == 1;
}

std::string_view without_scheme(std::string_view text) {
  for (const std::string_view scheme : {"dns:///", "dns:", "ipv4:", "ipv6:"}) {
    if (text.starts_with(scheme)) return text.substr(scheme.size());
  }
  return text;
}

}  // namespace

Result<Target> parse_target(std::string_view text) {
  Result<Endpoint> endpoint = parse_endpoint(without_scheme(text));
  if (!endpoint) return fail(endpoint.error());
  std::string authority = endpoint->kind == Endpoint::Kind::Unix ? "localhost" : endpoint->to_string();
  return Target{*std::move(endpoint), std::move(authority)};
}

std::unique_ptr<Resolver> make_resolver(Loop& loop, const Endpoint& endpoint) {
  if (endpoint.kind == Endpoint::Kind::Unix || is_ip_literal(endpoint.host)) {
    return std::make_unique<FixedResolver>(endpoint);
  }
  return std::make_unique<DnsResolver>(loop, endpoint);
}

}  // namespace sluice::rpc
