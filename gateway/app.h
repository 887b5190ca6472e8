// App: the composition root: builds the parts from a Config, hands each its dependencies, and runs them.
#pragma once

#include <expected>
#include <memory>
#include <string>
#include <vector>

#include "gateway/app_admin.h"
#include "gateway/app_operations.h"
#include "gateway/app_routes.h"
#include "gateway/app_seat.h"
#include "gateway/config/config.h"
#include "gateway/http/listener.h"
#include "gateway/telemetry/log.h"
#include "gateway/worker.h"

namespace sluice::gateway {

// Why the gateway does not start.
struct StartFailure {
  bool usage = false;              // the settings or the schema are wrong, and not the world
  std::vector<std::string> lines;  // every problem
};

// Belongs to the loop that it is given, which is none of a worker: there the schema is loaded and kept.
class App {
 public:
  // The config and the log outlive this.
  App(rpc::Loop& loop, const Config& config, Log& log, About about);
  ~App();

  // Loads the schema, waiting for backends that are asked for it, binds every address and starts the workers; says
  // "listening on …" for each. A stop ends the waiting, and then it gives false.
  rpc::Task<std::expected<bool, StartFailure>> start();

  // Goes on accepting, but asks clients to close. Of an App that started.
  void announce_close();
  // Finishes what runs, within the drain timeout, then ends the workers. Always, also when start() failed.
  rpc::Task<void> stop();

 private:
  rpc::Task<void> stop_admin();
  rpc::Result<void> seat_workers(const std::shared_ptr<const RouteTable>& routes);
  rpc::Result<void> listen();
  void publish(const std::shared_ptr<const RouteTable>& routes);

  rpc::Loop& loop_;
  const Config& config_;
  Log& log_;
  RouteKeeper keeper_;
  const ErrorAnswers errors_;  // of requests that are none
  Operations operations_;
  std::unique_ptr<SpanExporter> spans_;
  std::vector<std::unique_ptr<Seat>> seats_;
  std::unique_ptr<Listener> listener_;
  Admin admin_;
  bool started_ = false;
};

}  // namespace sluice::gateway
