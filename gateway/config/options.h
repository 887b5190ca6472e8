// The one table of settings: flags, variables, YAML keys, help and defaults all come from it.
#pragma once

#include <vector>

#include "gateway/config/setting.h"

namespace sluice::gateway {

// In the order of the help; the settings of one group stand together. The defaults are those of Config.
std::vector<Setting> make_settings();

}  // namespace sluice::gateway
