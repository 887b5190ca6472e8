// The exposition as a scraper reads it.
#include "gateway/telemetry/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace sluice::gateway {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

MetricsSnapshot some_traffic() {
  MetricsSnapshot snapshot;
  AccessRecord record;
  record.method = "GET";
  record.route = "/v1/{name=shelves/*}";
  record.rpc = "/library.v1.Library/GetShelf";
  record.status = 404;
  record.grpc_status = 5;
  record.messages_sent = 1;
  record.response_bytes = 100;
  record.duration = 3ms;
  snapshot.requests.started();
  snapshot.requests.started();
  snapshot.requests.ended(record);
  snapshot.client_connections = 7;
  snapshot.http.connections = 9;
  snapshot.http.hit(Limit::HeaderTimeout);
  BackendCounts backend;
  backend.name = "default";
  backend.configured = true;
  backend.ready_workers = 3;
  backend.channels.connects = 5;
  backend.channels.failures = 2;
  backend.channels.open_connections = 4;
  backend.channels.open_calls = 5;
  backend.channels.open_streams = 6;
  snapshot.backends = {backend};
  backend.name = "gone";
  backend.configured = false;
  snapshot.backends.push_back(backend);
  snapshot.version = "1.2.3";
  return snapshot;
}

TEST(Metrics, ShowsEachFamilyWithItsLabels) {
  const std::string text = metrics_text(some_traffic());
  for (const char* line : {
           "# TYPE sluice_http_requests_total counter\n",
           "sluice_http_requests_total{route=\"/v1/{name=shelves/*}\",method=\"GET\",code=\"404\"} 1\n",
           "# TYPE sluice_http_request_duration_seconds histogram\n",
           "sluice_http_request_duration_seconds_bucket{route=\"/v1/{name=shelves/*}\",method=\"GET\",le=\"0.0025\"} "
           "0\n",
           "sluice_http_request_duration_seconds_bucket{route=\"/v1/{name=shelves/*}\",method=\"GET\",le=\"0.005\"} "
           "1\n",
           "sluice_http_request_duration_seconds_bucket{route=\"/v1/{name=shelves/*}\",method=\"GET\",le=\"+Inf\"} 1\n",
           "sluice_http_request_duration_seconds_count{route=\"/v1/{name=shelves/*}\",method=\"GET\"} 1\n",
           "sluice_http_response_size_bytes_sum{route=\"/v1/{name=shelves/*}\",method=\"GET\"} 100\n",
           "sluice_http_requests_in_flight 1\n",
           "sluice_http_connections 7\n",
           "sluice_http_connections_total 9\n",
           "# TYPE sluice_limit_hits_total counter\n",
           "sluice_limit_hits_total{limit=\"header-timeout\"} 1\n",
           "sluice_limit_hits_total{limit=\"drain-timeout\"} 0\n",
           "sluice_backend_connects_total{backend=\"default\"} 5\n",
           "sluice_backend_connect_failures_total{backend=\"default\"} 2\n",
           "# TYPE sluice_backend_streams gauge\n",
           "sluice_config_last_reload_successful 1\n",
           "sluice_grpc_client_handled_total{grpc_service=\"library.v1.Library\",grpc_method=\"GetShelf\","
           "grpc_code=\"NOT_FOUND\"} 1\n",
           "sluice_grpc_client_msg_sent_total{grpc_service=\"library.v1.Library\",grpc_method=\"GetShelf\"} 1\n",
           "sluice_backend_ready_workers{backend=\"default\"} 3\n",
           "sluice_build_info{version=\"1.2.3\"} 1\n",
           "# TYPE process_resident_memory_bytes gauge\n",
       }) {
    EXPECT_THAT(text, HasSubstr(line));
  }
}

TEST(Metrics, TellNobodyToWatchABackendThatIsGone) {
  const std::string text = metrics_text(some_traffic());
  EXPECT_THAT(text, Not(HasSubstr("sluice_backend_ready_workers{backend=\"gone\"}")));
  EXPECT_THAT(text, HasSubstr("sluice_backend_connects_total{backend=\"gone\"} 5\n"));
}

TEST(Metrics, EscapesLabelValues) {
  MetricsSnapshot snapshot;
  snapshot.backends.resize(1);
  snapshot.backends[0].configured = true;
  snapshot.backends[0].name = "a\"b\\c\nd";
  EXPECT_THAT(metrics_text(snapshot), HasSubstr("sluice_backend_ready_workers{backend=\"a\\\"b\\\\c\\nd\"} 0\n"));
}

TEST(Metrics, LeavesOutFamiliesWithoutSamples) {
  EXPECT_THAT(metrics_text(MetricsSnapshot()), Not(HasSubstr("sluice_http_requests_total{")));
}

}  // namespace
}  // namespace sluice::gateway
