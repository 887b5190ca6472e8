// Setup: settings and all that follows from them, made and checked whole before any of it serves.
#pragma once

#include <expected>
#include <memory>
#include <string>
#include <vector>

#include "gateway/app_routes.h"
#include "gateway/app_seat.h"
#include "gateway/config/load.h"
#include "gateway/telemetry/log.h"
#include "rpc_core/transport/tls_context.h"

namespace sluice::gateway {

// Belongs to the loop that controls the gateway.
class Setup {
 public:
  // The log outlives this.
  Setup(rpc::Loop& loop, LoadedConfig loaded, Log& log);

  // Certificates, schema and routes. It waits for backends that are asked for their schema, but for those of whom
  // `before`, if there is one, knows what they said. False: it was stopped while it waited. Called once.
  rpc::Task<std::expected<bool, Problems>> prepare(const Setup* before);
  // Goes on with the credentials of `before` for backends that both have, which get the certificates of this one.
  void take_over(const Setup& before);
  // Await it before this goes away, also when prepare() gave problems.
  rpc::Task<void> shut_down() { return keeper_.shut_down(); }

  const Config& config() const { return loaded_->config; }
  const std::string& config_text() const { return loaded_->config_text; }
  std::shared_ptr<const Config> shared_config() const { return {loaded_, &loaded_->config}; }
  // nullptr: plain text.
  const std::shared_ptr<const rpc::TlsContext>& tls() const { return tls_; }
  RouteKeeper& keeper() { return keeper_; }
  ServingPlan plan() const { return {shared_config(), backends_, keeper_.current()}; }
  // All that was read for this: settings, schema, certificates. Some may be missing.
  std::vector<std::string> files() const;

 private:
  void add_proto_files(std::vector<std::string>& files) const;

  const std::shared_ptr<const LoadedConfig> loaded_;
  RouteKeeper keeper_;
  std::shared_ptr<const rpc::TlsContext> tls_;
  std::vector<BackendOptions> backends_;
};

}  // namespace sluice::gateway
