// Operations: what operators may see of a running gateway, gathered from the threads that know it.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "gateway/admin/admin_handler.h"
#include "gateway/app_seat.h"
#include "gateway/config/setting.h"
#include "gateway/route/route_table.h"

namespace sluice::gateway {

// What is served at the moment.
struct Served {
  std::shared_ptr<const Config> config;
  std::string config_text;                   // YAML, secrets hidden
  std::shared_ptr<const RouteTable> routes;  // nullptr: none yet
};

// Told by the thread that controls the gateway, asked by the admin's.
class Operations {
 public:
  using Seats = std::vector<std::unique_ptr<Seat>>;

  // The log is borrowed and outlives this.
  Operations(Served served, Log& log, std::string version);

  // The seats work from now on, and stay as they are until the admin's thread has ended.
  void serving(const Seats& seats, const SpanExporter* spans);
  void show(Served served);
  void show(std::shared_ptr<const RouteTable> routes);
  // How a reload ended; no problems: well.
  void reloaded(const Problems& problems);
  void draining() { draining_ = true; }

  // Valid as long as this. Counters come from each seat's own thread, which the caller waits for.
  AdminSources sources();

 private:
  Readiness readiness() const;
  MetricsSnapshot counted() const;
  Served served() const;
  std::string routes() const;
  std::string connections() const;
  rpc::Result<void> set_log_level(const std::string& name);

  Log& log_;
  const std::string version_;
  std::atomic<const Seats*> seats_ = nullptr;
  std::atomic<const SpanExporter*> spans_ = nullptr;
  std::atomic<bool> draining_ = false;
  mutable std::mutex mutex_;
  Served served_;        // under the mutex, as is what follows
  std::string refusal_;  // of the last reload
  ReloadCounts reloads_;
};

}  // namespace sluice::gateway
