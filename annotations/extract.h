// The bindings of all methods in a schema: from annotations, from a service config, and by default.
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "annotations/http_binding.h"
#include "google/api/http.pb.h"
#include "rpc_core/base/result.h"

namespace sluice::http_rule {

// Two routes of one method and shape: a problem, or which of them stays. First and last are by the order of the result.
enum class OnDuplicate : std::uint8_t { Error, First, Last };

// A rule of a service config; its selector is the full name of a method.
struct ConfigRule {
  google::api::HttpRule rule;
  std::string file;
};

struct ExtractOptions {
  // Globs on full names of services: "*" is any run of characters, dots included, "?" any one. Empty: all services.
  std::vector<std::string> services;
  // Methods without a rule are served at POST /package.Service/Method.
  bool auto_map = true;
  OnDuplicate on_duplicate = OnDuplicate::Error;
  // A rule replaces the annotation of its method; the last rule of a method is the one that counts.
  std::vector<ConfigRule> config_rules;
};

// Reads the services of `files` (not of what they import). The result is sorted by file name, then as declared,
// whatever the order of `files`. With problems, the bindings are those that are good all the same. Problems, beside
// those of bind_rule: duplicates, with both origins; a selector without a method; a glob without a service.
Extraction extract_bindings(std::span<const google::protobuf::FileDescriptor* const> files,
                            const ExtractOptions& options = {});
// The same of these services, in this order; they may be of several pools.
Extraction extract_bindings(std::span<const google::protobuf::ServiceDescriptor* const> services,
                            const ExtractOptions& options);

// The google.api.http option. It is found whether the extension was parsed by the generated class, by a class of
// another pool, or not at all (an unknown field). Error: its bytes are no HttpRule.
rpc::Result<std::optional<google::api::HttpRule>> annotated_rule(const google::protobuf::MethodOptions& options);

}  // namespace sluice::http_rule
