// What readers of YAML share: the kinds and places of nodes, for messages.
#pragma once

#include <yaml-cpp/yaml.h>

#include <string>

namespace sluice::gateway {

// "a map", "a list", "a value", "nothing"
const char* kind_of(const YAML::Node& node);

// "path:line", or the path alone.
std::string place_of(const std::string& path, const YAML::Mark& mark);

}  // namespace sluice::gateway
