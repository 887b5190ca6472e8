// Seat: what one worker has of its own: the channels to the backends, the filters and the router, its counters.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "gateway/config/config.h"
#include "gateway/filter/switch.h"
#include "gateway/route/router.h"
#include "gateway/telemetry/access_log.h"
#include "gateway/telemetry/log.h"
#include "gateway/telemetry/metrics.h"
#include "gateway/telemetry/span_exporter.h"
#include "gateway/upstream/backends.h"
#include "gateway/worker.h"

namespace sluice::gateway {

// What all seats of a gateway share; borrowed, and outlives them.
struct SeatServices {
  Log& log;
  SpanExporter* spans;  // nullptr: no traces are made
};

// What requests are served by, until a reload: all of it belongs together.
struct ServingPlan {
  std::shared_ptr<const Config> config;
  std::vector<BackendOptions> backends;  // their targets have been good for other channels before
  std::shared_ptr<const RouteTable> routes;
};

// Belongs to its worker's thread, but for worker().
class Seat {
 public:
  Seat(unsigned id, const SeatServices& services, const ServingPlan& plan);
  Seat(const Seat&) = delete;
  Seat& operator=(const Seat&) = delete;
  ~Seat();

  Worker& worker() { return worker_; }
  Handler& handler() { return switch_; }
  // Touched by the listener on the worker's thread.
  HttpCounts& http_counts() { return http_counts_; }

  // For requests from now on; those that run keep what they began with. Connections to backends that stay as they are
  // stay, too; the others close behind the last call.
  void use(const ServingPlan& plan);
  void use(std::shared_ptr<const RouteTable> routes);

  // Adds what this worker has counted; of the backends it names the state of its own connections.
  void count(MetricsSnapshot& snapshot) const;
  // When no request is left.
  rpc::Task<void> shut_down();

 private:
  class Chain;

  const SeatServices services_;
  RequestCounts counts_;
  HttpCounts http_counts_;
  Worker worker_;
  AccessLog access_log_;
  SharedChannels channels_;
  CallSlots slots_;
  Switch switch_;
  std::shared_ptr<Chain> chain_;
};

}  // namespace sluice::gateway
