// The commands of the command line: sluice, sluice check, sluice routes, sluice explain.
#pragma once

#include <string>
#include <vector>

#include "gateway/config/config.h"
#include "gateway/config/setting.h"

namespace sluice::gateway {

// From the words that are no flags: the command and its operands. Problems: an unknown command, too many or too few
// operands.
Problems read_operands(const std::vector<std::string>& words, CommandConfig& command);

// What "sluice COMMAND --help" says; not for Serve, which has the help of all settings.
std::string command_help(Command command);

}  // namespace sluice::gateway
