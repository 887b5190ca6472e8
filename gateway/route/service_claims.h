// Which backend serves which service.
#pragma once

#include <google/protobuf/descriptor.h>

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "gateway/route/route_source.h"

namespace sluice::gateway {

struct ServiceClaim {
  const google::protobuf::ServiceDescriptor* service = nullptr;
  std::size_t source = 0;
};

struct ServiceClaims {
  std::vector<ServiceClaim> claims;   // each service once, sorted by file and as declared
  std::vector<std::string> problems;  // a service of two backends names both
  std::vector<std::string> warnings;  // a service of none
};

// A source that names a service by a glob goes before one that serves whatever is left. Of a schema that the backend
// told itself, only the services that it lists count, without gRPC's own (reflection, health, channelz) unless a glob
// names them. `wanted`: globs on the services that are served at all; empty: all.
ServiceClaims claim_services(std::span<const RouteSource> sources, std::span<const std::string> wanted);

}  // namespace sluice::gateway
