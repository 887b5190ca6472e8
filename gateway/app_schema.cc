// Files first, then whatever the backends said.
#include "gateway/app_schema.h"

#include <utility>

#include "gateway/app_settings.h"
#include "gateway/schema/descriptor_set.h"
#include "gateway/schema/proto_files.h"
#include "gateway/schema/reflected.h"

namespace sluice::gateway {
namespace {

SchemaResult load_shared(const SchemaConfig& config) {
  if (!config.descriptor_sets.empty()) return load_descriptor_sets(config.descriptor_sets);
  return compile_proto_files(config.proto_files, config.proto_paths);
}

}  // namespace

RouteTable::Problems load_files(const Config& config, std::vector<BackendSchema>& schemas) {
  RouteTable::Problems problems;
  const auto take = [&](SchemaResult loaded) -> std::shared_ptr<const Schema> {
    if (loaded) return *std::move(loaded);
    problems.insert(problems.end(), loaded.error().begin(), loaded.error().end());
    return nullptr;
  };
  std::shared_ptr<const Schema> shared;
  if (config.schema.from_files()) shared = take(load_shared(config.schema));
  for (std::size_t i = 0; i < schemas.size(); ++i) {
    const BackendConfig& backend = config.backends[i];
    if (!backend.descriptor_sets.empty()) {
      schemas[i].files = take(load_descriptor_sets(backend.descriptor_sets));
    } else if (backend.schema != SchemaOrigin::Reflection) {
      schemas[i].files = shared;
    }
  }
  return problems;
}

RouteTable::Result build_routes(const Config& config, const std::vector<BackendSchema>& schemas) {
  RouteTable::Problems problems;
  std::vector<RouteSource> sources;
  for (std::size_t i = 0; i < schemas.size(); ++i) {
    const BackendConfig& backend = config.backends[i];
    RouteSource source{backend.label(), schemas[i].files, backend.services, {}};
    if (!source.schema) {
      SchemaResult schema = reflected_schema(*schemas[i].reflected, "backend " + backend.label());
      if (!schema) {
        problems.insert(problems.end(), schema.error().begin(), schema.error().end());
        continue;
      }
      source.schema = *std::move(schema);
      source.listed = schemas[i].reflected->services;
    }
    sources.push_back(std::move(source));
  }
  if (!problems.empty()) return std::unexpected(std::move(problems));
  return RouteTable::build(std::move(sources), route_options(config));
}

}  // namespace sluice::gateway
