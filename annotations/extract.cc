// Collects rules method by method, then settles duplicates.
#include "annotations/extract.h"

#include <algorithm>
#include <cstddef>
#include <unordered_map>
#include <utility>

#include "annotations/glob.h"
#include "google/api/annotations.pb.h"

namespace sluice::http_rule {
namespace {

using google::api::HttpRule;
using google::protobuf::FileDescriptor;
using google::protobuf::MethodDescriptor;
using google::protobuf::MethodOptions;
using google::protobuf::ServiceDescriptor;

std::vector<const ServiceDescriptor*> services_of(std::span<const FileDescriptor* const> files) {
  std::vector<const FileDescriptor*> sorted(files.begin(), files.end());
  std::ranges::sort(sorted, {}, &FileDescriptor::name);
  sorted.erase(std::ranges::unique(sorted).begin(), sorted.end());
  std::vector<const ServiceDescriptor*> services;
  for (const FileDescriptor* file : sorted) {
    for (int i = 0; i < file->service_count(); ++i) services.push_back(file->service(i));
  }
  return services;
}

class Extractor {
 public:
  Extractor(std::vector<const ServiceDescriptor*> services, const ExtractOptions& options)
      : services_(std::move(services)), options_(options) {}

  Extraction run() {
    collect_config_rules();
    select_services();
    for (const ServiceDescriptor* service : services_) {
      for (int i = 0; i < service->method_count(); ++i) extract(*service->method(i));
    }
    settle_duplicates();
    return std::move(out_);
  }

 private:
  void collect_config_rules() {
    for (const ConfigRule& config : options_.config_rules) {
      const std::string& selector = config.rule.selector();
      if (!has_method(selector)) {
        out_.problems.push_back(config.file + ": expected the full name of a method as selector, got \"" + selector +
                                "\"");
      }
      config_rules_[selector] = &config;
    }
  }

  bool has_method(std::string_view full_name) const {
    return std::ranges::any_of(services_, [&](const ServiceDescriptor* service) {
      const std::string& prefix = service->full_name();
      if (!full_name.starts_with(prefix + ".")) return false;
      return service->FindMethodByName(std::string(full_name.substr(prefix.size() + 1))) != nullptr;
    });
  }

  void select_services() {
    if (options_.services.empty()) return;
    for (const std::string& glob : options_.services) {
      const bool is_used = std::ranges::any_of(
          services_, [&](const ServiceDescriptor* service) { return glob_matches(glob, service->full_name()); });
      if (!is_used) out_.problems.push_back("expected a service that matches \"" + glob + "\", got none");
    }
    std::erase_if(services_, [&](const ServiceDescriptor* service) {
      return std::ranges::none_of(options_.services,
                                  [&](const std::string& glob) { return glob_matches(glob, service->full_name()); });
    });
  }

  void extract(const MethodDescriptor& method) {
    if (const auto config = config_rules_.find(method.full_name()); config != config_rules_.end()) {
      return bind_rule(config->second->rule, method, config->second->file, out_);
    }
    const rpc::Result<std::optional<HttpRule>> rule = annotated_rule(method.options());
    const std::string& file = method.file()->name();
    if (!rule) {
      out_.problems.push_back(file + ": " + method.full_name() + ": " + rule.error().message());
    } else if (rule->has_value()) {
      bind_rule(**rule, method, file, out_);
    } else if (options_.auto_map) {
      out_.bindings.push_back(default_binding(method));
    }
  }

  void settle_duplicates() {
    std::unordered_map<std::string, std::size_t> kept;
    std::vector<bool> dropped(out_.bindings.size(), false);
    for (std::size_t i = 0; i < out_.bindings.size(); ++i) {
      const HttpBinding& binding = out_.bindings[i];
      const std::string key = binding.http_method + " " + path_shape(binding.path);
      const auto [entry, is_new] = kept.try_emplace(key, i);
      if (is_new) continue;
      if (options_.on_duplicate == OnDuplicate::Error) {
        out_.problems.push_back("expected one route for " + key + ", got two: " + out_.bindings[entry->second].origin +
                                ", and " + binding.origin);
      }
      const bool keeps_last = options_.on_duplicate == OnDuplicate::Last;
      dropped[keeps_last ? std::exchange(entry->second, i) : i] = true;
    }
    std::vector<HttpBinding> bindings;
    for (std::size_t i = 0; i < dropped.size(); ++i) {
      if (!dropped[i]) bindings.push_back(std::move(out_.bindings[i]));
    }
    out_.bindings = std::move(bindings);
  }

  std::vector<const ServiceDescriptor*> services_;
  const ExtractOptions& options_;
  std::unordered_map<std::string, const ConfigRule*> config_rules_;
  Extraction out_;
};

}  // namespace

Extraction extract_bindings(std::span<const FileDescriptor* const> files, const ExtractOptions& options) {
  return Extractor(services_of(files), options).run();
}

Extraction extract_bindings(std::span<const ServiceDescriptor* const> services, const ExtractOptions& options) {
  return Extractor(std::vector<const ServiceDescriptor*>(services.begin(), services.end()), options).run();
}

// By way of the bytes: an extension that another pool's class parsed must not be taken for the generated one.
rpc::Result<std::optional<HttpRule>> annotated_rule(const MethodOptions& options) {
  MethodOptions parsed;
  if (!parsed.ParsePartialFromString(options.SerializePartialAsString())) {
    return rpc::fail(rpc::StatusCode::InvalidArgument,
                     "expected a google.api.HttpRule as option (google.api.http), "
                     "got bytes that do not parse");
  }
  if (!parsed.HasExtension(google::api::http)) return std::nullopt;
  return parsed.GetExtension(google::api::http);
}

}  // namespace sluice::http_rule
