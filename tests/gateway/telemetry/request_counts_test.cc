// What workers count, and that it stays bounded whatever clients send.
#include "gateway/telemetry/request_counts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

namespace sluice::gateway {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::Pair;
using testing::SizeIs;

AccessRecord answered(std::string_view method, std::string_view route, int status) {
  AccessRecord record;
  record.method = method;
  record.route = route;
  record.status = status;
  return record;
}

void count(RequestCounts& counts, const AccessRecord& record) {
  counts.started();
  counts.ended(record);
}

TEST(RequestCounts, CountsByRouteMethodAndStatus) {
  RequestCounts counts;
  count(counts, answered("GET", "/v1/books", 200));
  count(counts, answered("GET", "/v1/books", 404));
  count(counts, answered("GET", "/v1/books", 404));
  count(counts, answered("POST", "/v1/books", 200));
  ASSERT_THAT(counts.routes(), SizeIs(2));
  const RouteCounts& get = counts.routes().find(RequestCounts::RouteView{"/v1/books", "GET"})->second;
  EXPECT_THAT(get.by_status, ElementsAre(Pair(200, 1), Pair(404, 2)));
}

TEST(RequestCounts, MakesNoSeriesOfWhatAClientInvents) {
  RequestCounts counts;
  for (const char* method : {"GETT", "FOO", "get", ""}) count(counts, answered(method, "", 405));
  ASSERT_THAT(counts.routes(), SizeIs(1));
  EXPECT_EQ(counts.routes().begin()->first, (RequestCounts::RouteKey{"", "other"}));
  EXPECT_THAT(counts.routes().begin()->second.by_status, ElementsAre(Pair(405, 4)));
}

TEST(RequestCounts, PutsAValueIntoTheBucketThatItEquals) {
  RequestCounts counts;
  AccessRecord record = answered("GET", "/", 200);
  record.response_bytes = 64;
  record.duration = 501us;
  count(counts, record);
  const RouteCounts& route = counts.routes().begin()->second;
  EXPECT_EQ(route.response_bytes.counts()[0], 1U);
  EXPECT_EQ(route.seconds.counts()[0], 0U);
  EXPECT_EQ(route.seconds.counts()[1], 1U);
}

TEST(RequestCounts, CountsACallAndItsMessages) {
  RequestCounts counts;
  AccessRecord record = answered("GET", "/v1/books", 200);
  count(counts, record);
  EXPECT_TRUE(counts.rpcs().empty()) << "no call was made";
  record.rpc = "/library.Library/List";
  record.grpc_status = 14;
  record.messages_sent = 1;
  record.messages_received = 3;
  count(counts, record);
  count(counts, record);
  ASSERT_THAT(counts.rpcs(), SizeIs(1));
  const RpcCounts& call = counts.rpcs().begin()->second;
  EXPECT_THAT(call.by_code, ElementsAre(Pair(14, 2)));
  EXPECT_EQ(call.messages_sent, 2U);
  EXPECT_EQ(call.messages_received, 6U);
}

TEST(RequestCounts, AddsUpWhatTwoWorkersCounted) {
  RequestCounts one;
  RequestCounts two;
  AccessRecord record = answered("GET", "/a", 200);
  record.rpc = "/s/M";
  record.grpc_status = 0;
  record.messages_sent = 1;
  count(one, record);
  count(two, record);
  count(two, answered("GET", "/b", 200));
  two.started();
  one.merge(two);
  EXPECT_THAT(one.routes(), SizeIs(2));
  EXPECT_THAT(one.routes().find(RequestCounts::RouteView{"/a", "GET"})->second.by_status, ElementsAre(Pair(200, 2)));
  EXPECT_EQ(one.rpcs().find(std::string_view("/s/M"))->second.messages_sent, 2U);
  EXPECT_EQ(one.in_flight(), 1U);
}

}  // namespace
}  // namespace sluice::gateway
