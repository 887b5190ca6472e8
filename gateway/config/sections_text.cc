// Sections as YAML.
#include <yaml-cpp/emitter.h>
#include <yaml-cpp/emittermanip.h>
#include <yaml-cpp/stlemitter.h>

#include <utility>

#include "gateway/config/http_rules.h"
#include "gateway/config/sections.h"

namespace sluice::gateway {
namespace {

constexpr const char* kHidden = "(hidden)";

// "name: *****" for headers: the name is no secret.
std::string without_value(const std::string& header) { return header.substr(0, header.find(':')) + ": " + kHidden; }

template <class Owner>
void add_keys(const std::vector<SectionKey<Owner>>& keys, const Owner& owner, std::string first, std::string& out) {
  const std::string indent(first.size(), ' ');
  const Owner plain;
  for (const SectionKey<Owner>& key : keys) {
    std::vector<std::string> values = key.member.get(owner);
    if (values == key.member.get(plain) && key.name != "target" && key.name != "methods") continue;
    if (key.secret) {
      for (std::string& value : values) value = without_value(value);
    }
    YAML::Emitter text;
    if (key.member.shape == SettingShape::List) {
      text << YAML::Flow << values;
    } else {
      text << values.front();
    }
    out += std::exchange(first, indent) + key.name + ": " + text.c_str() + "\n";
  }
}

}  // namespace

std::string sections_text(const Config& config) {
  std::string backends, routes, rules;
  for (const BackendConfig& backend : config.backends) {
    if (backend.where.empty()) continue;
    backends += "  " + backend.name + ":  # " + backend.where + "\n";
    add_keys(backend_keys(), backend, "    ", backends);
  }
  for (const RouteConfig& route : config.routes) {
    routes += "  # " + route.where + "\n";
    add_keys(route_keys(), route, "  - ", routes);
  }
  for (const http_rule::ConfigRule& rule : config.routing.rules) {
    rules += "    - " + http_rule_text(rule.rule) + "  # " + rule.file + "\n";
  }
  std::string out;
  if (!backends.empty()) out += "backends:\n" + backends;
  if (!routes.empty()) out += "routes:\n" + routes;
  if (!rules.empty()) out += "http:\n  rules:\n" + rules;
  return out;
}

}  // namespace sluice::gateway
