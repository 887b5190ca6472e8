// The reference of all settings, REFERENCE.md, out of the tables.
#pragma once

#include <string>

namespace sluice::gateway {

std::string reference_text();

}  // namespace sluice::gateway
