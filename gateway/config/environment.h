// The environment as a layer of settings.
#pragma once

#include <map>
#include <span>
#include <string>

#include "gateway/config/setting.h"

namespace sluice::gateway {

// SLUICE_MAX_REQUEST_BYTES=64KiB; lists by commas. An empty variable counts as absent. An unknown SLUICE_ variable is a
// warning and no problem: Kubernetes sets SLUICE_PORT and the like beside a Service of that name. The table outlives
// the result.
Layer read_environment(const std::map<std::string, std::string>& environment, std::span<const Setting> table);

}  // namespace sluice::gateway
