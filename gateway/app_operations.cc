// Answers for operators, made of what the seats have counted.
#include "gateway/app_operations.h"

#include <algorithm>
#include <array>
#include <future>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "gateway/explain/route_list.h"

namespace sluice::gateway {
namespace {

struct LevelName {
  std::string_view name;
  LogLevel level;
};
constexpr std::array<LevelName, 6> kLevels = {{{"trace", LogLevel::Trace},
                                               {"debug", LogLevel::Debug},
                                               {"info", LogLevel::Info},
                                               {"warn", LogLevel::Warn},
                                               {"error", LogLevel::Error},
                                               {"off", LogLevel::Off}}};

// Runs the function on the seat's thread, and waits for it.
template <class Function>
void on_seat(Seat& seat, Function function) {
  std::promise<void> done;
  seat.worker().loop().run_soon([&] {
    function();
    done.set_value();
  });
  done.get_future().wait();
}

}  // namespace

Operations::Operations(Served served, Log& log, std::string version)
    : log_(log), version_(std::move(version)), served_(std::move(served)) {}

void Operations::serving(const Seats& seats, const SpanExporter* spans) {
  spans_ = spans;
  seats_ = &seats;
}

void Operations::show(Served served) {
  const std::lock_guard lock(mutex_);
  served_ = std::move(served);
}

void Operations::show(std::shared_ptr<const RouteTable> routes) {
  const std::lock_guard lock(mutex_);
  served_.routes = std::move(routes);
}

void Operations::reloaded(const Problems& problems) {
  const std::lock_guard lock(mutex_);
  refusal_.clear();
  for (const std::string& problem : problems) refusal_.append(refusal_.empty() ? "" : "\n").append(problem);
  reloads_.last_failed = !problems.empty();
  ++(problems.empty() ? reloads_.succeeded : reloads_.failed);
}

Served Operations::served() const {
  const std::lock_guard lock(mutex_);
  return served_;
}

AdminSources Operations::sources() {
  AdminSources sources;
  sources.readiness = [this] { return readiness(); };
  sources.metrics = [this] { return metrics_text(counted()); };
  sources.routes = [this] { return routes(); };
  sources.config = [this] { return served().config_text; };
  sources.connections = [this] { return connections(); };
  sources.log_level = [this] { return std::string(std::ranges::find(kLevels, log_.level(), &LevelName::level)->name); };
  sources.set_log_level = [this](const std::string& name) { return set_log_level(name); };
  return sources;
}

Readiness Operations::readiness() const {
  Readiness readiness;
  const bool serving = seats_ != nullptr;
  readiness.ready = serving && !draining_;
  if (draining_) {
    readiness.reason = "draining";
  } else if (!serving) {
    readiness.reason = "waiting for the schema";
  }
  for (const BackendCounts& backend : counted().backends) {
    if (!backend.configured) continue;
    readiness.backends.push_back({backend.name, backend.state});
  }
  const std::lock_guard lock(mutex_);
  readiness.refused_reload = refusal_;
  return readiness;
}

MetricsSnapshot Operations::counted() const {
  MetricsSnapshot snapshot;
  snapshot.version = version_;
  for (const BackendConfig& backend : served().config->backends) {
    BackendCounts counts;
    counts.name = backend.label();
    counts.configured = true;
    snapshot.backends.push_back(std::move(counts));
  }
  {
    const std::lock_guard lock(mutex_);
    snapshot.reloads = reloads_;
  }
  if (const SpanExporter* spans = spans_) {
    snapshot.spans_exported = spans->exported();
    snapshot.spans_dropped = spans->dropped();
  }
  const Seats* seats = seats_;
  if (seats == nullptr) return snapshot;
  for (const auto& seat : *seats) on_seat(*seat, [&] { seat->count(snapshot); });
  return snapshot;
}

std::string Operations::routes() const {
  const std::shared_ptr<const RouteTable> routes = served().routes;
  return routes ? routes_text(*routes) : std::string();
}

std::string Operations::connections() const {
  nlohmann::ordered_json workers = nlohmann::ordered_json::array();
  const Seats* seats = seats_;
  if (seats == nullptr) return workers.dump();
  for (const auto& seat : *seats) {
    MetricsSnapshot counts;
    on_seat(*seat, [&] { seat->count(counts); });
    nlohmann::ordered_json backends = nlohmann::ordered_json::object();
    for (const BackendCounts& backend : counts.backends) {
      backends[backend.name] = {{"state", backend.state},
                                {"connections", backend.channels.open_connections},
                                {"calls", backend.channels.open_calls},
                                {"streams", backend.channels.open_streams}};
    }
    workers.push_back({{"worker", seat->worker().id()},
                       {"client_connections", counts.client_connections},
                       {"requests_in_flight", counts.requests.in_flight()},
                       {"backends", backends}});
  }
  return workers.dump(2) + "\n";
}

rpc::Result<void> Operations::set_log_level(const std::string& name) {
  const auto found = std::ranges::find(kLevels, name, &LevelName::name);
  if (found == kLevels.end()) {
    return rpc::fail(rpc::StatusCode::InvalidArgument,
                     "expected one of trace, debug, info, warn, error, off; got \"" + name + "\"");
  }
  log_.set_level(found->level);
  return {};
}

}  // namespace sluice::gateway
