// The PROXY protocol, versions 1 and 2: how a load balancer in front says whose connection it hands on.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "rpc_core/base/endpoint.h"
#include "rpc_core/base/result.h"

namespace sluice::gateway {

struct ProxyHeader {
  std::size_t size = 0;  // bytes that belong to the header; the client's own follow
  // Nothing: the balancer's own connection (a health check), or a kind of address that has no meaning here: the
  // connection's peer stands.
  std::optional<rpc::Endpoint> client;
};

// The most that a header takes, of either version.
inline constexpr std::size_t kMaxProxyHeaderBytes = 16 + 65535;

// Reads the header at the start of a connection. Nothing: more bytes are needed. INVALID_ARGUMENT: no such header; the
// connection is of no use, since its client is unknown.
rpc::Result<std::optional<ProxyHeader>> parse_proxy_header(std::span<const std::byte> bytes);

}  // namespace sluice::gateway
