// A span as a collector reads it.
#include "gateway/telemetry/span.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace sluice::gateway {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::json;

Span some_span() {
  Span span;
  span.context = *parse_traceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
  span.start = std::chrono::system_clock::time_point(1700000000s);
  span.end = span.start + 1500us;
  span.method = "GET";
  span.route = "/v1/{name=shelves/*}";
  span.path = "/v1/shelves/1";
  span.rpc = "/library.v1.Library/GetShelf";
  span.peer = "192.0.2.7";
  span.status = 404;
  span.grpc_status = 5;
  return span;
}

Json exported(const Span& span) {
  const Json request = Json::parse(to_otlp_json(std::span(&span, 1), "shop"));
  EXPECT_EQ(request["resourceSpans"][0]["resource"]["attributes"][0]["value"]["stringValue"], "shop");
  return request["resourceSpans"][0]["scopeSpans"][0]["spans"][0];
}

std::string attribute(const Json& span, const std::string& key) {
  for (const Json& one : span["attributes"]) {
    if (one["key"] == key) return one["value"].begin().value().get<std::string>();
  }
  return "(none)";
}

TEST(Span, NamesItselfAfterTheRouteTemplate) {
  const Json span = exported(some_span());
  EXPECT_EQ(span["name"], "GET /v1/{name=shelves/*}");
  EXPECT_EQ(span["traceId"], "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_EQ(span["spanId"], "00f067aa0ba902b7");
  EXPECT_FALSE(span.contains("parentSpanId"));
  EXPECT_EQ(span["kind"], 2);
  EXPECT_EQ(span["startTimeUnixNano"], "1700000000000000000");
  EXPECT_EQ(span["endTimeUnixNano"], "1700000000001500000");
  EXPECT_EQ(span["status"], Json::object());
}

TEST(Span, HasTheConventionalAttributes) {
  const Json span = exported(some_span());
  EXPECT_EQ(attribute(span, "http.request.method"), "GET");
  EXPECT_EQ(attribute(span, "http.route"), "/v1/{name=shelves/*}");
  EXPECT_EQ(attribute(span, "url.path"), "/v1/shelves/1");
  EXPECT_EQ(attribute(span, "http.response.status_code"), "404");
  EXPECT_EQ(attribute(span, "client.address"), "192.0.2.7");
  EXPECT_EQ(attribute(span, "rpc.system"), "grpc");
  EXPECT_EQ(attribute(span, "rpc.service"), "library.v1.Library");
  EXPECT_EQ(attribute(span, "rpc.method"), "GetShelf");
  EXPECT_EQ(attribute(span, "rpc.grpc.status_code"), "5");
}

TEST(Span, ShowsParentStateAndFailure) {
  Span failed = some_span();
  failed.parent = SpanId{1, 2, 3, 4, 5, 6, 7, 8};
  failed.trace_state = "vendor=x";
  failed.status = 503;
  const Json span = exported(failed);
  EXPECT_EQ(span["parentSpanId"], "0102030405060708");
  EXPECT_EQ(span["traceState"], "vendor=x");
  EXPECT_EQ(span["status"]["code"], 2);
}

TEST(Span, IsMadeOfARecord) {
  AccessRecord record;
  record.trace = some_span().context;
  record.method = "GET";
  record.target = "/v1/shelves/1?x=secret";
  record.route = "/v1/{name=shelves/*}";
  record.rpc = "/library.v1.Library/GetShelf";
  record.client = "192.0.2.7";
  record.status = 404;
  record.grpc_status = 5;
  record.duration = 1500us;
  EXPECT_EQ(exported(span_of(record, some_span().end)), exported(some_span()));
}

TEST(Span, ManagesWithoutARoute) {
  Span lost = some_span();
  lost.route.clear();
  lost.rpc.clear();
  lost.path = "/\xFF";
  const Json span = exported(lost);
  EXPECT_EQ(span["name"], "GET");
  EXPECT_EQ(attribute(span, "rpc.service"), "(none)");
  EXPECT_EQ(attribute(span, "url.path"), "/\xEF\xBF\xBD");
}

}  // namespace
}  // namespace sluice::gateway
