// RouteSource: one backend's part in a route table.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/schema/schema.h"

namespace sluice::gateway {

struct RouteSource {
  std::string backend;                   // its label, for people
  std::shared_ptr<const Schema> schema;  // backends may share one
  // Globs on full names of the services that it serves. Empty: all of the schema that no other backend names.
  std::vector<std::string> services;
  // The services that the backend itself says it has; nothing: unknown.
  std::optional<std::vector<std::string>> listed;
};

}  // namespace sluice::gateway
