// A schema from the answers of a backend's reflection service.
#pragma once

#include <string>

#include "gateway/schema/schema.h"
#include "rpc_core/services/reflection_client.h"

namespace sluice::gateway {

// Serves the files that declare one of the listed services. `origin` names the backend, for messages. Imports that the
// backend left out are supplied where they are built in. Problems: whatever does not fit together.
SchemaResult reflected_schema(const rpc::ReflectedSchema& reflected, const std::string& origin);

}  // namespace sluice::gateway
