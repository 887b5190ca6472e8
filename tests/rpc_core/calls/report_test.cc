// What a channel and a server tell of themselves: the numbers after calls that are known.
#include <gmock/gmock.h>

#include <string>

#include "tests/support/raw_service.h"

namespace sluice::rpc::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

using ReportTest = RawCallFixture;

TEST_F(ReportTest, CountsCallsStreamsAndMessagesOnBothSides) {
  start();
  EXPECT_EQ(run(exchange({"a", "bc"})).status, Status());
  service.handler = [](ServerCall& call) -> Task<void> { co_await call.finish(Status(StatusCode::NotFound, "none")); };
  EXPECT_EQ(run(exchange({})).status.code(), StatusCode::NotFound);

  const ChannelReport client = channel->report();
  EXPECT_EQ(client.calls_started, 2u);
  EXPECT_EQ(client.calls_succeeded, 1u);
  EXPECT_EQ(client.calls_failed, 1u);
  ASSERT_EQ(client.connections.open.size(), 1u);
  EXPECT_EQ(client.connections.made, 1u);
  EXPECT_EQ(client.connections.open[0].open_streams, 0u);
  EXPECT_EQ(client.connections.open[0].counters, client.connections.total);

  const http2::ConnectionsReport served = server->report();
  for (const http2::ConnectionCounters& each : {client.connections.total, served.total}) {
    EXPECT_EQ(each.streams_started, 2u);
    EXPECT_EQ(each.streams_finished, 2u);
    EXPECT_EQ(each.streams_reset, 0u);
    EXPECT_EQ(each.messages_sent, 2u);
    EXPECT_EQ(each.messages_received, 2u);
  }
  EXPECT_EQ(client.connections.total.bytes_sent, served.total.bytes_received);
  EXPECT_EQ(client.connections.total.bytes_received, served.total.bytes_sent);
  EXPECT_GT(served.total.bytes_sent, 0u);
}

TEST_F(ReportTest, CountsResetsOnBothSides) {
  service.handler = [](ServerCall& call) -> Task<void> {
    while (co_await call.read()) continue;
  };
  start();
  {
    const std::unique_ptr<Call> call = channel->start(kRawPath, CallOptions());
    EXPECT_TRUE(run(call->write(message("x"))));
    loop.poll();
    EXPECT_EQ(channel->report().connections.open.at(0).open_streams, 1u);
  }
  loop.poll();
  EXPECT_EQ(channel->report().calls_failed, 1u);
  EXPECT_EQ(channel->report().connections.total.streams_reset, 1u);
  EXPECT_EQ(server->report().total.streams_reset, 1u);
  EXPECT_EQ(server->report().total.messages_received, 1u);
}

TEST_F(ReportTest, RemembersConnectionsThatHaveEnded) {
  start();
  EXPECT_EQ(run(exchange({"a"})).status, Status());
  const std::uint64_t sent = channel->report().connections.total.bytes_sent;
  run(channel->shut_down());
  const http2::ConnectionsReport report = channel->report().connections;
  EXPECT_TRUE(report.open.empty());
  EXPECT_EQ(report.made, 1u);
  EXPECT_EQ(report.total.messages_sent, 1u);
  EXPECT_GE(report.total.bytes_sent, sent);
}

TEST_F(ReportTest, MeasuresARoundTrip) {
  start();
  EXPECT_EQ(run(exchange({"a"})).status, Status());
  EXPECT_FALSE(channel->report().connections.total.rtt);
  channel->ping();
  clock.advance(3ms);
  loop.poll();
  const http2::ConnectionCounters total = channel->report().connections.total;
  EXPECT_EQ(total.pings_sent, 1u);
  EXPECT_EQ(total.rtt, 3ms);
}

TEST_F(ReportTest, IsPrinted) {
  start();
  EXPECT_EQ(to_string(channel->report()),
            "calls 0 (0 succeeded, 0 failed)\n"
            "0 connections, 0 open: streams 0 (0 finished, 0 reset), messages 0 sent 0 received, "
            "bytes 0 sent 0 received, pings 0\n");
  EXPECT_EQ(run(exchange({"a"})).status, Status());
  const std::string text = to_string(channel->report());
  EXPECT_THAT(text, HasSubstr("calls 1 (1 succeeded, 0 failed)\n1 connections, 1 open: streams 1 (1 finished"));
  EXPECT_THAT(text, HasSubstr("\nunix:memory, 0 open streams: streams 1 ("));
  const http2::ConnectionCounters counters{.rtt = 1500us};
  EXPECT_THAT(to_string(counters), HasSubstr("pings 0, rtt 1500us"));
}

}  // namespace
}  // namespace sluice::rpc::testing
