// Settings that stay as they are while the gateway serves, whatever a reload says.
#pragma once

#include <span>
#include <vector>

#include "gateway/config/setting.h"

namespace sluice::gateway {

// Gives what is fixed in the table back the values of `running`. The settings that differed; TLS towards clients, which
// can have other certificates but be neither turned on nor off, counts as its certificate.
std::vector<const Setting*> keep_fixed(std::span<const Setting> table, const Config& running, Config& loaded);

}  // namespace sluice::gateway
