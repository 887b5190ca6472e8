// Metrics: what is counted, in Prometheus' terms and its text format.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "gateway/http/http_counts.h"
#include "gateway/telemetry/request_counts.h"
#include "gateway/upstream/channel_totals.h"

namespace sluice::gateway {

// One backend at the moment.
struct BackendCounts {
  std::string name;
  bool configured = false;          // calls go to it; otherwise it is known from the past
  std::uint64_t ready_workers = 0;  // those with a connection
  std::string state = "IDLE";       // what tells most of all workers' connections, as gRPC names it
  ChannelTotals channels;
};

// Of the configuration, since the start.
struct ReloadCounts {
  std::uint64_t succeeded = 0;
  std::uint64_t failed = 0;
  bool last_failed = false;
};

// Everything at one moment, of all workers together.
struct MetricsSnapshot {
  RequestCounts requests;
  HttpCounts http;
  std::uint64_t client_connections = 0;
  std::vector<BackendCounts> backends;
  std::uint64_t spans_exported = 0;
  std::uint64_t spans_dropped = 0;
  ReloadCounts reloads;
  std::string version;
};

// The exposition format 0.0.4: to be sent as kMetricsContentType. Names start with "sluice_"; those that start with
// "process_" are Prometheus' standard ones for the process that calls this.
std::string metrics_text(const MetricsSnapshot& snapshot);

inline constexpr const char* kMetricsContentType = "text/plain; version=0.0.4; charset=utf-8";

}  // namespace sluice::gateway
