// A YAML file as a layer of settings.
#pragma once

#include <span>
#include <string>

#include "gateway/config/setting.h"

namespace sluice::gateway {

// A map of groups, each a map of keys; a list may be written as a single value. Values are not looked at. Every unknown
// or repeated key, and everything of the wrong shape, is a problem with "path:line". The table outlives the result.
Layer read_yaml(const std::string& path, const std::string& text, std::span<const Setting> table);

}  // namespace sluice::gateway
