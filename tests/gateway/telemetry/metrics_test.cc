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
  snapshot.backends = {{"default", 3, 4, 5, 6}};
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

TEST(Metrics, EscapesLabelValues) {
  MetricsSnapshot snapshot;
  snapshot.backends = {{"a\"b\\c\nd", 0}};
  EXPECT_THAT(metrics_text(snapshot), HasSubstr("sluice_backend_ready_workers{backend=\"a\\\"b\\\\c\\nd\"} 0\n"));
}

TEST(Metrics, LeavesOutFamiliesWithoutSamples) {
  EXPECT_THAT(metrics_text(MetricsSnapshot()), Not(HasSubstr("sluice_http_requests_total{")));
}

}  // namespace
}  // namespace sluice::gateway
