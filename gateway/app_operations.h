// Operations: what operators may see of a running gateway, gathered from the threads that know it.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "gateway/admin/admin_handler.h"
#include "gateway/app_seat.h"
#include "gateway/route/route_table.h"

namespace sluice::gateway {

// What the process says of itself.
struct About {
  std::string version;
  std::string config;  // YAML, secrets hidden
};

// Told by the thread that controls the gateway, asked by the admin's.
class Operations {
 public:
  using Seats = std::vector<std::unique_ptr<Seat>>;

  // Everything is borrowed and outlives this.
  Operations(const Config& config, Log& log, About about);

  // The seats work from now on, and stay as they are until the admin's thread has ended.
  void serving(const Seats& seats, const SpanExporter* spans);
  void show(std::shared_ptr<const RouteTable> routes);
  void draining() { draining_ = true; }

  // Valid as long as this. Counters come from each seat's own thread, which the caller waits for.
  AdminSources sources();

 private:
  Readiness readiness() const;
  MetricsSnapshot counted() const;
  std::string routes() const;
  std::string connections() const;
  rpc::Result<void> set_log_level(const std::string& name);

  const Config& config_;
  Log& log_;
  const About about_;
  std::atomic<const Seats*> seats_ = nullptr;
  std::atomic<const SpanExporter*> spans_ = nullptr;
  std::atomic<bool> draining_ = false;
  mutable std::mutex mutex_;
  std::shared_ptr<const RouteTable> routes_;  // under the mutex
};

}  // namespace sluice::gateway
