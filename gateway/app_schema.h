// The schemas of all backends, and the routes that they make together.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "gateway/config/config.h"
#include "gateway/route/route_table.h"
#include "rpc_core/services/reflection_client.h"

namespace sluice::gateway {

// One backend's schema: from files, or what it says of itself.
struct BackendSchema {
  std::shared_ptr<const Schema> files;  // null: it is asked
  std::optional<rpc::ReflectedSchema> reflected;
};

// Fills in the schemas that come from files; `schemas` has one for each backend.
RouteTable::Problems load_files(const Config& config, std::vector<BackendSchema>& schemas);

// Each backend's schema is known.
RouteTable::Result build_routes(const Config& config, const std::vector<BackendSchema>& schemas);

}  // namespace sluice::gateway
