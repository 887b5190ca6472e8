// Reflected files, of which those with a listed service are served.
#include "gateway/schema/reflected.h"

#include <algorithm>
#include <set>

#include "gateway/schema/schema_builder.h"

namespace sluice::gateway {

SchemaResult reflected_schema(const rpc::ReflectedSchema& reflected, const std::string& origin) {
  const std::set<std::string> listed(reflected.services.begin(), reflected.services.end());
  SchemaBuilder builder;
  for (const google::protobuf::FileDescriptorProto& file : reflected.files.file()) {
    const std::string prefix = file.package().empty() ? "" : file.package() + ".";
    const bool served = std::ranges::any_of(
        file.service(), [&](const auto& service) { return listed.contains(prefix + service.name()); });
    builder.add(file, origin, served);
  }
  return std::move(builder).build();
}

}  // namespace sluice::gateway
