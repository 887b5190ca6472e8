// A walk over yaml-cpp's nodes.
#include "gateway/config/yaml_file.h"

#include <algorithm>
#include <set>
#include <utility>

#include "gateway/config/nearest.h"
#include "gateway/config/sections.h"
#include "gateway/config/yaml_text.h"

namespace sluice::gateway {
namespace {

class YamlFile {
 public:
  YamlFile(const std::string& path, std::span<const Setting> table) : path_(path) {
    for (const Setting& setting : table) {
      if (setting.role == Setting::Role::Value) settings_.push_back(&setting);
    }
  }

  Layer read(const std::string& text) && {
    try {
      const std::vector<YAML::Node> documents = YAML::LoadAll(text);
      if (documents.size() > 1) problem(documents[1], "expected one YAML document, got another");
      if (!documents.empty()) read_map(documents.front(), "");
    } catch (const YAML::Exception& error) {
      layer_.problems.push_back(place(error.mark) + ": expected YAML: " + error.msg);
    }
    return std::move(layer_);
  }

 private:
  std::string place(const YAML::Mark& mark) const { return place_of(path_, mark); }

  void problem(const YAML::Node& node, const std::string& text) {
    layer_.problems.push_back(place(node.Mark()) + ": " + text);
  }

  // A group without content, its keys commented out, is fine.
  void read_map(const YAML::Node& map, const std::string& group) {
    if (map.IsNull()) return;
    if (!map.IsMap()) {
      const std::string what = group.empty() ? "settings" : group;
      return problem(map, what + ": expected a map of keys, got " + kind_of(map));
    }
    std::set<std::string> seen;
    for (const auto& entry : map) {
      const YAML::Node& key = entry.first;
      if (!key.IsScalar()) {
        problem(key, std::string("expected a key, got ") + kind_of(key));
      } else if (!seen.insert(key.Scalar()).second) {
        problem(key, "expected each key once, got \"" + key.Scalar() + "\" again");
      } else {
        read_entry(key, entry.second, group);
      }
    }
  }

  void read_entry(const YAML::Node& key, const YAML::Node& value, const std::string& group) {
    const std::string& name = key.Scalar();
    const auto is_group = [&name](const Setting* setting) { return setting->group == name; };
    const auto is_it = [&](const Setting* setting) { return setting->group == group && setting->key() == name; };
    const auto found = std::ranges::find_if(settings_, is_it);
    if (found != settings_.end()) {
      read_value(**found, key, value);
    } else if (group.empty() && std::ranges::any_of(settings_, is_group)) {
      read_map(value, name);
    } else if (!group.empty() || std::ranges::count(section_names(), name) == 0) {
      unknown(key, group);
    }
  }

  void read_value(const Setting& setting, const YAML::Node& key, const YAML::Node& value) {
    GivenSetting given{.setting = &setting, .values = {}, .source = place(key.Mark())};
    const bool list = setting.member.shape == SettingMember::Shape::List;
    const std::string expected = setting.key() + ": expected " + (list ? "a list" : "one value") + ", got ";
    if (list && value.IsSequence()) {
      for (const YAML::Node& item : value) {
        if (!item.IsScalar()) return problem(item, expected + kind_of(item) + " in it");
        given.values.push_back({.text = item.Scalar(), .where = place(item.Mark()) + ": " + setting.key()});
      }
    } else if (value.IsScalar()) {
      given.values.push_back({.text = value.Scalar(), .where = place(value.Mark()) + ": " + setting.key()});
    } else {
      return problem(value.IsNull() ? key : value, expected + kind_of(value));
    }
    layer_.settings.push_back(std::move(given));
  }

  void unknown(const YAML::Node& key, const std::string& group) {
    const std::string& name = key.Scalar();
    std::vector<std::string> names;
    std::string home;
    for (const Setting* setting : settings_) {
      if (setting->key() == name) home = setting->group.empty() ? "at the top" : "below \"" + setting->group + "\"";
      if (setting->group == group) names.push_back(setting->key());
      if (group.empty() && !setting->group.empty()) names.push_back(setting->group);
    }
    if (group.empty()) names.insert(names.end(), section_names().begin(), section_names().end());
    if (!home.empty()) return problem(key, "\"" + name + "\": expected it " + home + ", got it " + here(group));
    for (const Setting* setting : settings_) names.push_back(setting->key());
    const std::string hint = did_you_mean(name, names);
    problem(key, "unknown key \"" + name + "\" " + here(group) + (hint.empty() ? hint : "; " + hint));
  }

  static std::string here(const std::string& group) { return group.empty() ? "at the top" : "below \"" + group + "\""; }

  const std::string& path_;
  std::vector<const Setting*> settings_;
  Layer layer_;
};

}  // namespace

Layer read_yaml(const std::string& path, const std::string& text, std::span<const Setting> table) {
  return YamlFile(path, table).read(text);
}

}  // namespace sluice::gateway
