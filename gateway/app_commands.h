// The commands that end by themselves: check, routes, explain, health.
#pragma once

#include "gateway/config/load.h"
#include "gateway/telemetry/log.h"

namespace sluice::gateway {

// Writes to stdout, and problems to stderr; gives the exit code.
int run_command(const LoadedConfig& loaded, Log& log);

}  // namespace sluice::gateway
