// What needs no backend comes first.
#include "gateway/app_setup.h"

#include <algorithm>
#include <utility>

#include "gateway/app_settings.h"

namespace sluice::gateway {
namespace {

void add(std::vector<std::string>& files, const std::string& file) {
  if (!file.empty() && std::ranges::count(files, file) == 0) files.push_back(file);
}

void add(std::vector<std::string>& files, const BackendTlsConfig& tls) {
  for (const std::string& file : {tls.ca, tls.certificate, tls.key}) add(files, file);
}

}  // namespace

Setup::Setup(rpc::Loop& loop, LoadedConfig loaded, Log& log)
    : loaded_(std::make_shared<const LoadedConfig>(std::move(loaded))), keeper_(loop, loaded_->config, log) {}

rpc::Task<std::expected<bool, Problems>> Setup::prepare(const Setup* before) {
  Problems problems;
  rpc::Result<std::shared_ptr<const rpc::TlsContext>> tls = front_tls(config().tls);
  if (tls) tls_ = *std::move(tls);
  if (!tls) problems.push_back(tls.error().message());
  rpc::Result<std::vector<BackendOptions>> backends = backend_options(config());
  if (backends) backends_ = *std::move(backends);
  if (!backends) problems.push_back(backends.error().message());
  if (!problems.empty()) co_return std::unexpected(std::move(problems));
  if (before != nullptr) keeper_.recall(before->keeper_);
  RouteTable::Result routes = co_await keeper_.first();
  if (!routes) co_return std::unexpected(std::move(routes.error()));
  co_return *routes != nullptr;
}

void Setup::take_over(const Setup& before) {
  for (BackendOptions& backend : backends_) {
    const auto same = std::ranges::find_if(before.backends_, [&](const BackendOptions& other) {
      return other.label == backend.label && other.target == backend.target;
    });
    if (same == before.backends_.end() || !same->credentials || !backend.credentials) continue;
    same->credentials->replace(backend.credentials->context());
    backend.credentials = same->credentials;
    backend.channel.tls = same->credentials;
  }
}

std::vector<std::string> Setup::files() const {
  std::vector<std::string> files;
  add(files, loaded_->file);
  for (const std::string& file : config().schema.descriptor_sets) add(files, file);
  for (const std::string& file : {config().tls.certificate, config().tls.key, config().tls.client_ca}) add(files, file);
  add(files, config().upstream.tls_files);
  for (const BackendConfig& backend : config().backends) {
    for (const std::string& file : backend.descriptor_sets) add(files, file);
    add(files, backend.tls_files);
  }
  add_proto_files(files);
  return files;
}

// Wherever an import is looked for, one may appear.
void Setup::add_proto_files(std::vector<std::string>& files) const {
  const SchemaConfig& schema = config().schema;
  if (schema.proto_files.empty()) return;
  std::vector<std::string> names = schema.proto_files;
  if (keeper_.current() != nullptr) {
    for (const RouteSource& source : keeper_.current()->sources()) {
      for (const auto* file : source.schema->all_files()) names.push_back(file->name());
    }
  }
  std::vector<std::string> folders;
  for (const std::string& folder : schema.proto_paths) folders.push_back(folder + "/");
  folders.emplace_back();
  for (const std::string& name : names) {
    if (name.starts_with("google/")) continue;
    for (const std::string& folder : folders) add(files, folder + name);
  }
}

}  // namespace sluice::gateway
