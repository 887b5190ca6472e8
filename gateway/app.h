// App: the composition root: builds the parts from the settings, hands each its dependencies, and runs them.
#pragma once

#include <expected>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "gateway/app_admin.h"
#include "gateway/app_operations.h"
#include "gateway/app_reload.h"
#include "gateway/app_seat.h"
#include "gateway/app_setup.h"
#include "gateway/config/load.h"
#include "gateway/http/listener.h"
#include "gateway/telemetry/log.h"
#include "gateway/worker.h"

namespace sluice::gateway {

// Why the gateway does not start.
struct StartFailure {
  bool usage = false;              // the settings or the schema are wrong, and not the world
  std::vector<std::string> lines;  // every problem
};

// Belongs to the loop that it is given, which is none of a worker: there the settings and the schema are loaded and
// kept.
class App {
 public:
  // Gives the settings as they are now, for a gateway that serves with others.
  using Load = std::function<std::expected<LoadedConfig, Problems>(const Config& running)>;

  // The log outlives this.
  App(rpc::Loop& loop, LoadedConfig loaded, Load load, Log& log, std::string version);
  ~App();

  // Loads the schema, waiting for backends that are asked for it, binds every address and starts the workers; says
  // "listening on …" for each. A stop ends the waiting, and then it gives false.
  rpc::Task<std::expected<bool, StartFailure>> start();

  // Loads settings, schema and certificates again, soon: all of them serve requests from then on, or none of them.
  void reload(const std::string& why) { reloader_.request(why); }

  // Goes on accepting, but asks clients to close. Of an App that started.
  void announce_close();
  // Finishes what runs, within the drain timeout, then ends the workers. Always, also when start() failed.
  rpc::Task<void> stop();

  const Config& config() const { return setup_->config(); }

 private:
  Reloader::Steps reload_steps(Load load);
  rpc::Task<std::expected<void, Problems>> apply(LoadedConfig loaded);
  void serve_with(const Setup& before);
  void seat_workers();
  rpc::Result<void> listen();
  void publish(const std::shared_ptr<const RouteTable>& routes);
  Served served() const;
  rpc::Task<void> stop_admin();
  rpc::Task<void> stop_workers();

  rpc::Loop& loop_;
  Log& log_;
  std::unique_ptr<Setup> setup_;
  std::vector<std::string> refused_files_;  // of the last reload, where it was refused
  Operations operations_;
  std::unique_ptr<SpanExporter> spans_;
  std::shared_ptr<rpc::TlsCredentials> tls_;  // nullptr: plain text
  std::vector<std::unique_ptr<Seat>> seats_;
  std::unique_ptr<Listener> listener_;
  Admin admin_;
  Reloader reloader_;
  bool started_ = false;
};

}  // namespace sluice::gateway
