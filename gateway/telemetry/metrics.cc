// The families and their labels.
#include "gateway/telemetry/metrics.h"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <array>
#include <cstdint>
#include <utility>

#include "gateway/telemetry/process_stats.h"
#include "rpc_core/base/status.h"

namespace sluice::gateway {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Labels = std::vector<ClientMetric::Label>;

MetricFamily family(std::string name, std::string help, MetricType type) {
  MetricFamily out;
  out.name = std::move(name);
  out.help = std::move(help);
  out.type = type;
  return out;
}

void count(MetricFamily& family, Labels labels, double value) {
  ClientMetric metric;
  metric.label = std::move(labels);
  (family.type == MetricType::Gauge ? metric.gauge.value : metric.counter.value) = value;
  family.metric.push_back(std::move(metric));
}

template <std::size_t Size>
void add_histogram(MetricFamily& family, Labels labels, const Histogram<Size>& histogram) {
  ClientMetric metric;
  metric.label = std::move(labels);
  std::uint64_t cumulative = 0;
  for (std::size_t i = 0; i <= Size; ++i) {
    cumulative += histogram.counts()[i];
    if (i < Size) metric.histogram.bucket.push_back({cumulative, histogram.bounds()[i]});
  }
  metric.histogram.sample_count = cumulative;
  metric.histogram.sample_sum = histogram.sum();
  family.metric.push_back(std::move(metric));
}

// One family with one sample.
MetricFamily single(std::string name, std::string help, MetricType type, double value) {
  MetricFamily out = family(std::move(name), std::move(help), type);
  count(out, {}, value);
  return out;
}

using Families = std::vector<MetricFamily>;

void add_http(Families& out, const RequestCounts& counts) {
  MetricFamily requests = family("sluice_http_requests_total", "Requests answered, by route template; no route: empty.",
                                 MetricType::Counter);
  MetricFamily seconds = family("sluice_http_request_duration_seconds",
                                "From the first byte of a request to the last of its answer.", MetricType::Histogram);
  MetricFamily request_bytes = family("sluice_http_request_size_bytes", "Bodies of requests.", MetricType::Histogram);
  MetricFamily response_bytes = family("sluice_http_response_size_bytes", "Bodies of answers.", MetricType::Histogram);
  for (const auto& [key, route] : counts.routes()) {
    const Labels labels = {{"route", key.route}, {"method", key.method}};
    for (const auto& [status, number] : route.by_status) {
      Labels with_code = labels;
      with_code.push_back({"code", std::to_string(status)});
      count(requests, std::move(with_code), static_cast<double>(number));
    }
    add_histogram(seconds, labels, route.seconds);
    add_histogram(request_bytes, labels, route.request_bytes);
    add_histogram(response_bytes, labels, route.response_bytes);
  }
  for (MetricFamily* one : {&requests, &seconds, &request_bytes, &response_bytes}) out.push_back(std::move(*one));
  out.push_back(single("sluice_http_requests_in_flight", "Requests that are being served.", MetricType::Gauge,
                       static_cast<double>(counts.in_flight())));
}

Labels rpc_labels(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos || slash == 0) return {{"grpc_service", ""}, {"grpc_method", std::string(path)}};
  return {{"grpc_service", std::string(path.substr(1, slash - 1))},
          {"grpc_method", std::string(path.substr(slash + 1))}};
}

void add_grpc(Families& out, const RequestCounts& counts) {
  MetricFamily handled =
      family("sluice_grpc_client_handled_total", "Calls to backends that have ended, by status.", MetricType::Counter);
  MetricFamily sent = family("sluice_grpc_client_msg_sent_total", "Messages sent to backends.", MetricType::Counter);
  MetricFamily received =
      family("sluice_grpc_client_msg_received_total", "Messages received from backends.", MetricType::Counter);
  for (const auto& [path, call] : counts.rpcs()) {
    const Labels labels = rpc_labels(path);
    for (const auto& [code, number] : call.by_code) {
      Labels with_code = labels;
      with_code.push_back({"grpc_code", rpc::status_code_name(static_cast<rpc::StatusCode>(code))});
      count(handled, std::move(with_code), static_cast<double>(number));
    }
    count(sent, labels, static_cast<double>(call.messages_sent));
    count(received, labels, static_cast<double>(call.messages_received));
  }
  for (MetricFamily* one : {&handled, &sent, &received}) out.push_back(std::move(*one));
}

void add_connections(Families& out, const MetricsSnapshot& snapshot) {
  out.push_back(single("sluice_http_connections", "Client connections that are open.", MetricType::Gauge,
                       static_cast<double>(snapshot.client_connections)));
  out.push_back(single("sluice_http_connections_total", "Client connections that were accepted.", MetricType::Counter,
                       static_cast<double>(snapshot.http.connections)));
  MetricFamily limits =
      family("sluice_limit_hits_total", "Connections, requests and calls that a setting cut short, by its name.",
             MetricType::Counter);
  for (std::size_t i = 0; i < kLimitNames.size(); ++i) {
    count(limits, {{"limit", std::string(kLimitNames[i])}}, static_cast<double>(snapshot.http.limits[i]));
  }
  out.push_back(std::move(limits));
}

struct BackendFamily {
  const char* name;
  const char* help;
  MetricType type;
  std::uint64_t ChannelTotals::*value;
};
constexpr std::array<BackendFamily, 10> kBackendFamilies = {{
    {"sluice_backend_calls_in_flight", "Calls to a backend that have not ended.", MetricType::Gauge,
     &ChannelTotals::open_calls},
    {"sluice_backend_connections", "Connections to a backend that are open.", MetricType::Gauge,
     &ChannelTotals::open_connections},
    {"sluice_backend_connects_total", "Connections to a backend that were made.", MetricType::Counter,
     &ChannelTotals::connects},
    {"sluice_backend_reconnects_total", "Those that replaced one that was lost.", MetricType::Counter,
     &ChannelTotals::reconnects},
    {"sluice_backend_connect_failures_total", "Attempts to connect to a backend that failed.", MetricType::Counter,
     &ChannelTotals::failures},
    {"sluice_backend_streams", "HTTP/2 streams to a backend that are open.", MetricType::Gauge,
     &ChannelTotals::open_streams},
    {"sluice_backend_streams_total", "HTTP/2 streams to a backend that were started.", MetricType::Counter,
     &ChannelTotals::streams},
    {"sluice_backend_streams_reset_total", "Those that either side broke off, or that were lost.", MetricType::Counter,
     &ChannelTotals::streams_reset},
    {"sluice_backend_sent_bytes_total", "Bytes of HTTP/2 sent to a backend.", MetricType::Counter,
     &ChannelTotals::bytes_sent},
    {"sluice_backend_received_bytes_total", "Bytes of HTTP/2 received from a backend.", MetricType::Counter,
     &ChannelTotals::bytes_received},
}};

void add_backends(Families& out, const std::vector<BackendCounts>& backends) {
  MetricFamily ready =
      family("sluice_backend_ready_workers", "Workers that are connected to a backend.", MetricType::Gauge);
  for (const BackendCounts& backend : backends) {
    if (backend.configured) count(ready, {{"backend", backend.name}}, static_cast<double>(backend.ready_workers));
  }
  out.push_back(std::move(ready));
  for (const BackendFamily& each : kBackendFamilies) {
    MetricFamily totals = family(each.name, each.help, each.type);
    for (const BackendCounts& backend : backends) {
      count(totals, {{"backend", backend.name}}, static_cast<double>(backend.channels.*each.value));
    }
    out.push_back(std::move(totals));
  }
}

void add_spans(Families& out, const MetricsSnapshot& snapshot) {
  out.push_back(single("sluice_spans_exported_total", "Spans that the collector took.", MetricType::Counter,
                       static_cast<double>(snapshot.spans_exported)));
  out.push_back(single("sluice_spans_dropped_total",
                       "Spans that were lost: the queue was full, or the collector failed.", MetricType::Counter,
                       static_cast<double>(snapshot.spans_dropped)));
}

void add_reloads(Families& out, const ReloadCounts& reloads) {
  MetricFamily total = family("sluice_config_reloads_total", "Reloads of the configuration.", MetricType::Counter);
  count(total, {{"result", "success"}}, static_cast<double>(reloads.succeeded));
  count(total, {{"result", "failure"}}, static_cast<double>(reloads.failed));
  out.push_back(std::move(total));
  out.push_back(single("sluice_config_last_reload_successful", "Whether the last reload succeeded, or there was none.",
                       MetricType::Gauge, reloads.last_failed ? 0 : 1));
}

void add_process(Families& out, const std::string& version) {
  MetricFamily build = family("sluice_build_info", "1; the version is a label.", MetricType::Gauge);
  count(build, {{"version", version}}, 1);
  out.push_back(std::move(build));
  const ProcessStats stats = read_process_stats();
  out.push_back(
      single("process_cpu_seconds_total", "User and system CPU time.", MetricType::Counter, stats.cpu_seconds));
  out.push_back(single("process_resident_memory_bytes", "Resident memory.", MetricType::Gauge, stats.resident_bytes));
  out.push_back(single("process_open_fds", "Open file descriptors.", MetricType::Gauge, stats.open_files));
  out.push_back(single("process_max_fds", "The limit on open file descriptors.", MetricType::Gauge, stats.max_files));
  out.push_back(single("process_start_time_seconds", "Start of the process since the Unix epoch.", MetricType::Gauge,
                       stats.start_seconds));
}

}  // namespace

std::string metrics_text(const MetricsSnapshot& snapshot) {
  Families out;
  add_http(out, snapshot.requests);
  add_grpc(out, snapshot.requests);
  add_connections(out, snapshot);
  add_backends(out, snapshot.backends);
  add_spans(out, snapshot);
  add_reloads(out, snapshot.reloads);
  add_process(out, snapshot.version);
  return prometheus::TextSerializer().Serialize(out);
}

}  // namespace sluice::gateway
