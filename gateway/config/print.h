// What --help and --print-config show.
#pragma once

#include <map>
#include <span>
#include <string>

#include "gateway/config/setting.h"

namespace sluice::gateway {

// Flags by group, each with its default (of `defaults`).
std::string help_text(std::span<const Setting> table, const Config& defaults);

// YAML that read_yaml() takes, each line with its source; a setting that `sources` lacks has its default.
std::string config_text(std::span<const Setting> table, const Config& config,
                        const std::map<const Setting*, std::string>& sources);

}  // namespace sluice::gateway
