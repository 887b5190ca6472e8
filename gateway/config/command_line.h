// The command line as a layer of settings.
#pragma once

#include <span>
#include <string>

#include "gateway/config/setting.h"

namespace sluice::gateway {

// "--name value" or "--name=value"; a switch may come without a value, a list may come again. Reads on behind a
// problem, so that all of them are found. Values are not looked at. The table outlives the result.
//
// CLI11 is not used: it stops at the first problem, and takes a flag for the value that is missing before it.
Layer read_command_line(std::span<const std::string> arguments, std::span<const Setting> table);

}  // namespace sluice::gateway
