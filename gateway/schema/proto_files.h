// A schema from .proto files, compiled by libprotobuf.
#pragma once

#include <string>
#include <vector>

#include "gateway/schema/schema.h"

namespace sluice::gateway {

// Compiles `files`; each is named as an import would name it, below one of `include_paths` (none: the working
// directory), or by a path that leads below one of them. google/protobuf, google/api and google/rpc are built in,
// behind what the paths hold. Problems: "file:line:column: message" for everything that the compiler finds.
SchemaResult compile_proto_files(const std::vector<std::string>& files, const std::vector<std::string>& include_paths);

}  // namespace sluice::gateway
