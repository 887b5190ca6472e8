// Metrics: what is counted, in Prometheus' terms and its text format.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "gateway/telemetry/request_counts.h"

namespace sluice::gateway {

// What belongs to a backend's channel at the moment.
struct BackendCounts {
  std::string name;
  bool ready = false;
  std::uint64_t connections = 0;
  std::uint64_t connects = 0;  // attempts that succeeded, from the start
  std::uint64_t connect_failures = 0;
};

// Everything at one moment, of all workers together.
struct MetricsSnapshot {
  RequestCounts requests;
  std::uint64_t client_connections = 0;
  std::uint64_t client_connections_total = 0;
  std::vector<std::pair<std::string, std::uint64_t>> limit_hits;  // by the limit's flag, without dashes before it
  std::vector<BackendCounts> backends;
  std::string version;
};

// The exposition format 0.0.4: to be sent as kMetricsContentType. Names start with "sluice_"; those that start with
// "process_" are Prometheus' standard ones for the process that calls this.
std::string metrics_text(const MetricsSnapshot& snapshot);

inline constexpr const char* kMetricsContentType = "text/plain; version=0.0.4; charset=utf-8";

}  // namespace sluice::gateway
