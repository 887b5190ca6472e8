// Variables by the names of the table.
#include "gateway/config/environment.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "gateway/config/nearest.h"

namespace sluice::gateway {
namespace {

bool has_variable(const Setting& setting) {
  return setting.role == Setting::Role::Value || setting.role == Setting::Role::ConfigFile;
}

GivenSetting given_by(const Setting& setting, const std::string& variable, std::string_view text) {
  GivenSetting given{.setting = &setting, .values = {}, .source = variable};
  const bool list = setting.member.shape == SettingMember::Shape::List;
  for (std::size_t comma = 0; comma != std::string_view::npos;) {
    comma = list ? text.find(',') : std::string_view::npos;
    given.values.push_back({.text = std::string(text.substr(0, comma)), .where = variable});
    if (comma != std::string_view::npos) text.remove_prefix(comma + 1);
  }
  return given;
}

std::string unknown(const std::string& variable, std::span<const Setting> table) {
  std::vector<std::string> names;
  for (const Setting& setting : table) {
    if (has_variable(setting)) names.push_back(setting.variable());
  }
  const std::string hint = did_you_mean(variable, names);
  return variable + ": no setting has this variable, ignored" + (hint.empty() ? hint : "; " + hint);
}

}  // namespace

Layer read_environment(const std::map<std::string, std::string>& environment, std::span<const Setting> table) {
  Layer layer;
  for (const auto& [variable, text] : environment) {
    if (!variable.starts_with("SLUICE_") || text.empty()) continue;
    const auto named = [&variable](const Setting& s) { return has_variable(s) && s.variable() == variable; };
    const auto found = std::ranges::find_if(table, named);
    if (found == table.end()) {
      layer.warnings.push_back(unknown(variable, table));
    } else {
      layer.settings.push_back(given_by(*found, variable, text));
    }
  }
  return layer;
}

}  // namespace sluice::gateway
