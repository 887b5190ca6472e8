// Maps to HttpRules and back.
#include "gateway/config/http_rules.h"

#include <yaml-cpp/emitter.h>

#include <algorithm>
#include <array>
#include <utility>

#include "gateway/config/nearest.h"
#include "gateway/config/yaml_text.h"

namespace sluice::gateway {
namespace {

using google::api::HttpRule;

const std::array<std::string, 10> kKeys = {"selector", "get",    "put",  "post",          "delete",
                                           "patch",    "custom", "body", "response_body", "additional_bindings"};

class RuleReader {
 public:
  explicit RuleReader(const std::string& path) : path_(path) {}

  HttpRules read(const YAML::Node& list) && {
    if (!list.IsSequence()) {
      problem(list, std::string("http.rules: expected a list, got ") + kind_of(list));
      return std::move(out_);
    }
    for (const YAML::Node& item : list) {
      http_rule::ConfigRule rule;
      rule.file = place_of(path_, item.Mark());
      const std::size_t before = out_.problems.size();
      read_rule(item, rule.rule);
      if (out_.problems.size() == before && rule.rule.selector().empty()) {
        problem(item, "http.rules: expected a selector, the full name of a method, got none");
      }
      out_.rules.push_back(std::move(rule));
    }
    return std::move(out_);
  }

 private:
  void problem(const YAML::Node& node, const std::string& text) {
    out_.problems.push_back(place_of(path_, node.Mark()) + ": " + text);
  }

  void read_rule(const YAML::Node& map, HttpRule& rule) {
    if (!map.IsMap()) return problem(map, std::string("http.rules: expected a map, got ") + kind_of(map));
    int patterns = 0;
    for (const auto& entry : map) {
      const std::string key = entry.first.IsScalar() ? entry.first.Scalar() : "";
      if (key == "custom") {
        read_custom(entry.second, rule);
      } else if (key == "additional_bindings") {
        read_additional(entry.second, rule);
      } else if (std::ranges::find(kKeys, key) == kKeys.end()) {
        const std::string hint = did_you_mean(key, kKeys);
        problem(entry.first, "unknown key \"" + key + "\" in a rule" + (hint.empty() ? "" : "; " + hint));
        continue;
      } else if (!entry.second.IsScalar()) {
        problem(entry.second, key + ": expected one value, got " + kind_of(entry.second));
      } else {
        set(key, entry.second.Scalar(), rule);
      }
      if (key == "custom" || rule_method(key)) ++patterns;
    }
    if (patterns > 1) problem(map, "http.rules: expected one of get, put, post, delete, patch and custom, got several");
  }

  static bool rule_method(const std::string& key) {
    return key == "get" || key == "put" || key == "post" || key == "delete" || key == "patch";
  }

  static void set(const std::string& key, const std::string& text, HttpRule& rule) {
    if (key == "selector") rule.set_selector(text);
    if (key == "get") rule.set_get(text);
    if (key == "put") rule.set_put(text);
    if (key == "post") rule.set_post(text);
    if (key == "delete") rule.set_delete_(text);
    if (key == "patch") rule.set_patch(text);
    if (key == "body") rule.set_body(text);
    if (key == "response_body") rule.set_response_body(text);
  }

  void read_custom(const YAML::Node& map, HttpRule& rule) {
    const bool fits = map.IsMap() && map.size() == 2 && map["kind"] && map["path"] && map["kind"].IsScalar() &&
                      map["path"].IsScalar();
    if (!fits) return problem(map, std::string("custom: expected {kind: METHOD, path: TEMPLATE}, got ") + kind_of(map));
    rule.mutable_custom()->set_kind(map["kind"].Scalar());
    rule.mutable_custom()->set_path(map["path"].Scalar());
  }

  void read_additional(const YAML::Node& list, HttpRule& rule) {
    if (!list.IsSequence()) {
      return problem(list, std::string("additional_bindings: expected a list, got ") + kind_of(list));
    }
    for (const YAML::Node& item : list) read_rule(item, *rule.add_additional_bindings());
  }

  const std::string& path_;
  HttpRules out_;
};

void emit(const HttpRule& rule, YAML::Emitter& out) {
  const auto pair = [&out](const char* key, const std::string& value) {
    if (!value.empty()) out << YAML::Key << key << YAML::Value << value;
  };
  out << YAML::Flow << YAML::BeginMap;
  pair("selector", rule.selector());
  pair("get", rule.get());
  pair("put", rule.put());
  pair("post", rule.post());
  pair("delete", rule.delete_());
  pair("patch", rule.patch());
  if (rule.has_custom()) {
    out << YAML::Key << "custom" << YAML::Value << YAML::BeginMap;
    pair("kind", rule.custom().kind());
    pair("path", rule.custom().path());
    out << YAML::EndMap;
  }
  pair("body", rule.body());
  pair("response_body", rule.response_body());
  if (rule.additional_bindings_size() > 0) {
    out << YAML::Key << "additional_bindings" << YAML::Value << YAML::BeginSeq;
    for (const HttpRule& additional : rule.additional_bindings()) emit(additional, out);
    out << YAML::EndSeq;
  }
  out << YAML::EndMap;
}

}  // namespace

HttpRules read_http_rules(const std::string& path, const YAML::Node& list) { return RuleReader(path).read(list); }

std::string http_rule_text(const HttpRule& rule) {
  YAML::Emitter out;
  emit(rule, out);
  return out.c_str();
}

}  // namespace sluice::gateway
