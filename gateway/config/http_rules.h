// The rules of a service config, "http: rules:", as https://github.com/googleapis/googleapis describes them.
#pragma once

#include <yaml-cpp/yaml.h>

#include <string>
#include <vector>

#include "annotations/extract.h"
#include "gateway/config/setting.h"

namespace sluice::gateway {

struct HttpRules {
  std::vector<http_rule::ConfigRule> rules;  // each with the place where it stands
  Problems problems;
};

// A list of maps with the fields of google.api.HttpRule; templates are not looked at.
HttpRules read_http_rules(const std::string& path, const YAML::Node& list);

// As read_http_rules() takes it, on one line: {selector: a.B.C, get: "/v1/{id}"}.
std::string http_rule_text(const google::api::HttpRule& rule);

}  // namespace sluice::gateway
