// The parts of a YAML file that are lists of things: backends, settings of routes, HTTP rules.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/config/config.h"
#include "gateway/config/setting.h"

namespace sluice::gateway {

// One key of a thing in a section.
template <class Owner>
struct SectionKey {
  std::string name;
  std::string help;
  MemberOf<Owner> member;
  bool secret = false;  // its values are not printed
};

std::vector<SectionKey<BackendConfig>> backend_keys();
std::vector<SectionKey<RouteConfig>> route_keys();

// "backends", "routes", "http": the keys at the top of a file that read_yaml() leaves to read_sections().
std::span<const std::string> section_names();

struct Sections {
  std::vector<BackendConfig> backends;
  std::vector<RouteConfig> routes;
  std::vector<http_rule::ConfigRule> rules;
  Problems problems;
};

// A text that is no YAML has no sections: that is read_yaml()'s problem.
//
//   backends:
//     users: {target: "users:9090", services: [users.v1.*], headers: {x-tenant: blue}, timeout: 5s}
//   routes:
//     - methods: users.v1.Users.Export
//       timeout: none
//   http:
//     rules:
//       - {selector: users.v1.Users.Find, get: "/v1/users:find"}
Sections read_sections(const std::string& path, const std::string& text);

// As read_sections() takes them, each with its place; secrets hidden.
std::string sections_text(const Config& config);

}  // namespace sluice::gateway
