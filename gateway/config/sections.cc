// A walk over the sections of a file.
#include "gateway/config/sections.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "gateway/config/http_rules.h"
#include "gateway/config/nearest.h"
#include "gateway/config/values.h"
#include "gateway/config/yaml_text.h"

namespace sluice::gateway {
namespace {

const std::array<std::string, 3> kSections = {"backends", "routes", "http"};

class SectionReader {
 public:
  explicit SectionReader(const std::string& path) : path_(path) {}

  Sections read(const YAML::Node& file) && {
    if (!file.IsMap()) return std::move(out_);
    for (const auto& entry : file) {
      if (!entry.first.IsScalar() || entry.second.IsNull()) continue;
      const std::string& name = entry.first.Scalar();
      if (name == "backends") read_backends(entry.second);
      if (name == "routes") read_routes(entry.second);
      if (name == "http") read_http(entry.second);
    }
    return std::move(out_);
  }

 private:
  std::string place(const YAML::Node& node) const { return place_of(path_, node.Mark()); }
  void problem(const YAML::Node& node, const std::string& text) { out_.problems.push_back(place(node) + ": " + text); }

  void read_backends(const YAML::Node& section) {
    if (!section.IsMap()) {
      return problem(section, std::string("backends: expected a map of names, got ") + kind_of(section));
    }
    const auto keys = backend_keys();
    std::set<std::string> names;
    for (const auto& entry : section) {
      const std::string name = entry.first.IsScalar() ? entry.first.Scalar() : "";
      if (!is_backend_name(name)) {
        problem(entry.first,
                "backends: expected a name of letters, digits, \"-\", \"_\" and \".\", got \"" + name + "\"");
        continue;
      }
      if (!names.insert(name).second)
        problem(entry.first, "backends: expected each name once, got \"" + name + "\" again");
      BackendConfig backend;
      backend.name = name;
      backend.where = place(entry.first);
      if (entry.second.IsScalar()) {
        apply(keys.front(), entry.second, "backends." + name, backend);  // the target alone
      } else {
        read_item<BackendConfig>(entry.second, keys, "backends." + name, backend);
      }
      out_.backends.push_back(std::move(backend));
    }
  }

  void read_routes(const YAML::Node& section) {
    if (!section.IsSequence()) return problem(section, std::string("routes: expected a list, got ") + kind_of(section));
    const auto keys = route_keys();
    for (const YAML::Node& item : section) {
      RouteConfig route;
      route.where = place(item);
      const std::size_t before = out_.problems.size();
      read_item<RouteConfig>(item, keys, "routes", route);
      if (route.methods.empty() && out_.problems.size() == before) {
        problem(item, "routes: expected the key \"methods\", got none");
      }
      out_.routes.push_back(std::move(route));
    }
  }

  void read_http(const YAML::Node& section) {
    if (!section.IsMap()) return problem(section, std::string("http: expected a map, got ") + kind_of(section));
    for (const auto& entry : section) {
      if (entry.first.IsScalar() && entry.first.Scalar() == "rules") {
        HttpRules rules = read_http_rules(path_, entry.second);
        out_.rules = std::move(rules.rules);
        out_.problems.insert(out_.problems.end(), rules.problems.begin(), rules.problems.end());
      } else {
        problem(entry.first, "unknown key below \"http\"; expected \"rules\"");
      }
    }
  }

  template <class Owner>
  void read_item(const YAML::Node& item, const std::vector<SectionKey<Owner>>& keys, const std::string& name,
                 Owner& owner) {
    if (!item.IsMap()) return problem(item, name + ": expected a map of keys, got " + kind_of(item));
    std::set<std::string> seen;
    for (const auto& entry : item) {
      const std::string key = entry.first.IsScalar() ? entry.first.Scalar() : "";
      const auto found = std::ranges::find(keys, key, &SectionKey<Owner>::name);
      if (found == keys.end()) {
        std::vector<std::string> names;
        for (const auto& known : keys) names.push_back(known.name);
        const std::string hint = did_you_mean(key, names);
        problem(entry.first, "unknown key \"" + key + "\" below \"" + name + "\"" + (hint.empty() ? "" : "; " + hint));
      } else if (!seen.insert(key).second) {
        problem(entry.first, "expected each key once, got \"" + key + "\" again");
      } else {
        apply(*found, entry.second, name, owner);
      }
    }
  }

  template <class Owner>
  void apply(const SectionKey<Owner>& key, const YAML::Node& value, const std::string& name, Owner& owner) {
    const bool list = key.member.shape == SettingShape::List;
    const std::string what = name + "." + key.name;
    std::vector<Given> given;
    const auto add = [&](const YAML::Node& node, const std::string& text) {
      given.push_back({.text = text, .where = place(node) + ": " + what});
    };
    bool fits = value.IsScalar() || (list && (value.IsSequence() || value.IsMap()));
    if (value.IsScalar()) add(value, value.Scalar());
    if (fits && value.IsSequence()) {
      for (const YAML::Node& item : value) {
        fits = fits && item.IsScalar();
        if (fits) add(item, item.Scalar());
      }
    }
    if (fits && value.IsMap()) {
      for (const auto& item : value) {
        fits = fits && item.first.IsScalar() && item.second.IsScalar();
        if (fits) add(item.first, item.first.Scalar() + ": " + item.second.Scalar());
      }
    }
    if (!fits) {
      return problem(value, what + ": expected " + (list ? "a list" : "one value") + ", got " + kind_of(value) +
                                (list ? " of something else" : ""));
    }
    const Problems wrong = key.member.set(owner, given);
    out_.problems.insert(out_.problems.end(), wrong.begin(), wrong.end());
  }

  const std::string& path_;
  Sections out_;
};

}  // namespace

std::span<const std::string> section_names() { return kSections; }

Sections read_sections(const std::string& path, const std::string& text) {
  try {
    return SectionReader(path).read(YAML::Load(text));
  } catch (const YAML::Exception&) {
    return Sections();
  }
}

}  // namespace sluice::gateway
