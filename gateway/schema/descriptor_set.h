// A schema from FileDescriptorSet files.
#pragma once

#include <string>
#include <vector>

#include "gateway/schema/schema.h"

namespace sluice::gateway {

// Reads the files, which together are one schema: a file that several of them hold must be the same in each. Imports of
// google/protobuf, google/api and google/rpc that none of them holds are supplied. Problems: a file that cannot be read
// or is no FileDescriptorSet, an import that none of them holds, and whatever does not fit together.
SchemaResult load_descriptor_sets(const std::vector<std::string>& paths);

}  // namespace sluice::gateway
