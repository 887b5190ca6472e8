// App: the composition root: builds the parts from a Config, hands each its dependencies, and runs them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "gateway/config/config.h"
#include "gateway/http/listener.h"
#include "gateway/route/route_table.h"
#include "gateway/telemetry/log.h"
#include "gateway/worker.h"

namespace sluice::gateway {

// A line each.
using Problems = std::vector<std::string>;

// The routes that a configuration asks for, or every problem of its schema.
std::expected<std::shared_ptr<const RouteTable>, Problems> load_routes(const Config& config);

class App {
 public:
  App(const Config& config, std::shared_ptr<const RouteTable> routes, Log& log);
  ~App();

  // Binds every address and starts the workers; says "listening on …" for each. The error names the address.
  rpc::Result<void> start();

  // Goes on accepting, but asks clients to close.
  void announce_close() { listener_->announce_close(); }
  // Finishes what runs, within the drain timeout, then ends the workers.
  void stop();

 private:
  struct Seat;

  const Config config_;
  const std::shared_ptr<const RouteTable> routes_;
  Log& log_;
  std::vector<std::unique_ptr<Seat>> seats_;
  std::unique_ptr<Listener> listener_;
};

}  // namespace sluice::gateway
