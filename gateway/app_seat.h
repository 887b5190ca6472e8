// Seat: what one worker has of its own: the channels to the backends, the router, the filters before it, its counters.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "gateway/config/config.h"
#include "gateway/filter/compression.h"
#include "gateway/filter/cors.h"
#include "gateway/filter/observer.h"
#include "gateway/filter/request_id.h"
#include "gateway/route/router.h"
#include "gateway/telemetry/log.h"
#include "gateway/telemetry/metrics.h"
#include "gateway/telemetry/span_exporter.h"
#include "gateway/upstream/backends.h"
#include "gateway/worker.h"

namespace sluice::gateway {

// What all seats of a gateway share; borrowed, and outlives them.
struct SeatServices {
  const Config& config;
  Log& log;
  SpanExporter* spans;  // nullptr: no traces are made
};

// Belongs to its worker's thread, but for worker().
class Seat {
 public:
  // The targets of the backends have been good for other channels before.
  Seat(unsigned id, const SeatServices& services, const std::vector<BackendOptions>& backends,
       const std::shared_ptr<const RouteTable>& routes);
  Seat(const Seat&) = delete;
  Seat& operator=(const Seat&) = delete;

  Worker& worker() { return worker_; }
  // The outermost filter.
  Handler& handler() { return observer_; }
  // For requests from now on.
  void use(std::shared_ptr<const RouteTable> routes) { router_.use(std::move(routes)); }

  // Adds what this worker has counted; of the backends it names the state of its own connections.
  void count(MetricsSnapshot& snapshot) const;
  // When no request is left.
  rpc::Task<void> shut_down() { return backends_->shut_down(); }

 private:
  Observer::Events events();
  std::optional<TraceSource> trace_source() const;
  void ended(const AccessRecord& record);

  const SeatServices services_;
  RequestCounts counts_;
  Worker worker_;
  std::unique_ptr<Backends> backends_;
  // From the inside out.
  Router router_;
  Compression compression_;
  std::optional<Cors> cors_;
  RequestId request_id_;
  Observer observer_;
};

}  // namespace sluice::gateway
