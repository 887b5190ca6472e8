// The table as text.
#include "gateway/config/print.h"

#include <yaml-cpp/emitter.h>
#include <yaml-cpp/emittermanip.h>
#include <yaml-cpp/stlemitter.h>

#include <algorithm>

#include "gateway/config/joined.h"
#include "gateway/config/sections.h"

namespace sluice::gateway {
namespace {

using Shape = SettingMember::Shape;

constexpr std::string_view kIntroduction =
    "sluice: REST and JSON in front of a gRPC server, by its google.api.http annotations\n"
    "\n"
    "  sluice --backend localhost:9090                                            asks the server's reflection\n"
    "  sluice --backend localhost:9090 --descriptor-set api.pb\n"
    "  sluice --backend localhost:9090 --proto library.proto --proto-path protos\n"
    "  sluice --config sluice.yaml\n"
    "  sluice check|routes|explain|health --help                                  other commands\n";

constexpr std::string_view kExplanation =
    "\n"
    "Each setting also has a variable, SLUICE_MAX_REQUEST_BYTES, and a YAML key, max_request_bytes below limits.\n"
    "A flag goes before a variable, a variable before the file. Flags with \"...\" may be repeated; in a variable\n"
    "the values stand between commas. TIME: 250ms, 3s, 5m, 1h. SIZE: 4096, 64KiB, 4MiB, 1GiB.\n";

std::string usage(const Setting& setting) {
  const SettingMember& member = setting.member;
  if (member.value_name.empty()) return setting.flag();
  if (member.shape == Shape::Switch) return setting.flag() + "[=BOOL]";
  return setting.flag() + " " + member.value_name + (member.shape == Shape::List ? " ..." : "");
}

std::string description(const Setting& setting, const Config& defaults) {
  std::string out = setting.help;
  if (!setting.member.choices.empty()) out += ": " + joined(setting.member.choices, "|");
  if (setting.role != Setting::Role::Value) return out;
  const std::string value = joined(setting.member.get(defaults), ",");
  return value.empty() ? out : out + " [" + value + "]";
}

std::string yaml_value(const Setting& setting, const Config& config) {
  const std::vector<std::string> values = setting.member.get(config);
  YAML::Emitter out;
  if (setting.member.shape == Shape::List) {
    out << YAML::Flow << values;
  } else {
    out << values.front();
  }
  return out.c_str();
}

}  // namespace

std::string help_text(std::span<const Setting> table, const Config& defaults) {
  std::size_t width = 0;
  for (const Setting& setting : table) width = std::max(width, usage(setting).size());
  std::string out(kIntroduction);
  std::string_view group = "none yet";
  for (const Setting& setting : table) {
    if (setting.group != group) {
      group = setting.group;
      out.append("\n").append(group.empty() ? "general" : group).append(":\n");
    }
    std::string line = "  " + usage(setting);
    line.resize(width + 4, ' ');
    out += line + description(setting, defaults) + "\n";
  }
  return out.append(kExplanation);
}

std::string config_text(std::span<const Setting> table, const Config& config,
                        const std::map<const Setting*, std::string>& sources) {
  std::string out;
  std::string_view group;
  for (const Setting& setting : table) {
    if (setting.role != Setting::Role::Value) continue;
    if (setting.group != group) {
      group = setting.group;
      out.append(group).append(":\n");
    }
    const auto source = sources.find(&setting);
    if (!group.empty()) out += "  ";
    out += setting.key() + ": " + yaml_value(setting, config);
    out += "  # " + (source == sources.end() ? "default" : source->second) + "\n";
  }
  return out + sections_text(config);
}

}  // namespace sluice::gateway
