// Calls of which at least one side streams: requests and answers beside each other, and every way in which they end.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "gateway/proxy.h"
#include "tests/gateway/proxy/scripted_call.h"
#include "tests/gateway/proxy/scripted_exchange.h"
#include "tests/support/loop_fixture.h"
#include "tests/support/print_status.h"

namespace sluice::gateway {
namespace {

using rpc::Status;
using rpc::StatusCode;
using rpc::testing::Started;

class ProxyStreamTest : public rpc::testing::LoopFixture {
 protected:
  ProxyStreamTest() {
    script.trailers = {{"t", "1"}};
    exchange.the_plan.client_streams = true;
    exchange.requests = {"a", "b", "c"};
  }
  void TearDown() override {
    EXPECT_EQ(exchange.ends, 1);
    EXPECT_EQ(exchange.attending_at_end, 0);
    EXPECT_EQ(script.released, script.started);
    LoopFixture::TearDown();
  }

  Script script;
  ScriptedCaller backend{loop, script};
  ScriptedExchange exchange{loop};
};

TEST_F(ProxyStreamTest, SendsEveryRequestAndThenTheHalfClose) {
  script.messages = {"sum"};
  run(forward(exchange, backend));
  EXPECT_EQ(script.written, (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_TRUE(script.half_closed);
  EXPECT_EQ(exchange.told, "begin 0; sum; ");
  EXPECT_TRUE(exchange.status.ok());
  EXPECT_EQ(exchange.trailer_count, 1u);
}

TEST_F(ProxyStreamTest, HalfClosesAStreamWithoutRequests) {
  exchange.requests.clear();
  script.messages = {"sum"};
  run(forward(exchange, backend));
  EXPECT_TRUE(script.written.empty());
  EXPECT_TRUE(script.half_closed);
}

TEST_F(ProxyStreamTest, StartsNoCallWhenTheFirstRequestIsWrong) {
  exchange.requests.clear();
  exchange.request_end = rpc::fail(StatusCode::InvalidArgument, "no JSON");
  run(forward(exchange, backend));
  EXPECT_EQ(script.started, 0);
  EXPECT_EQ(exchange.status, Status(StatusCode::InvalidArgument, "no JSON"));
}

TEST_F(ProxyStreamTest, CancelsTheCallWhenALaterRequestIsWrong) {
  exchange.request_end = rpc::fail(StatusCode::InvalidArgument, "no JSON");
  script.hangs = true;
  run(forward(exchange, backend));
  EXPECT_EQ(script.written.size(), 3u);
  EXPECT_FALSE(script.half_closed);
  EXPECT_EQ(exchange.status, Status(StatusCode::InvalidArgument, "no JSON"));
}

TEST_F(ProxyStreamTest, AnswersBeforeTheClientHasFinished) {
  exchange.pauses = true;
  script.messages = {"sum"};
  run(forward(exchange, backend));
  EXPECT_FALSE(script.half_closed);
  EXPECT_EQ(exchange.told, "begin 0; sum; ");
  EXPECT_TRUE(exchange.status.ok()) << exchange.status.to_string();
}

TEST_F(ProxyStreamTest, ReadsNoMoreOfARequestThatTheCallDoesNotTake) {
  script.takes_writes = false;
  script.has_headers = false;
  script.status = Status(StatusCode::PermissionDenied, "why").with_origin(Status::Origin::Peer);
  run(forward(exchange, backend));
  EXPECT_EQ(exchange.reads, 1);
  EXPECT_EQ(exchange.status, Status(StatusCode::PermissionDenied, "why"));
}

TEST_F(ProxyStreamTest, AnswersWhileTheClientSends) {
  exchange.the_plan.server_streams = true;
  exchange.pauses = true;
  script.messages = {"x", "y"};
  script.hangs = true;
  Started<void> pumping(forward(exchange, backend));
  loop.poll();
  EXPECT_EQ(exchange.told, "begin 0; x; y; ");
  exchange.requests = {"d"};
  exchange.go_on();
  loop.poll();
  EXPECT_EQ(script.written, (std::vector<std::string>{"a", "b", "c", "d"}));
  EXPECT_FALSE(pumping.done());
  pumping.request_stop();
  loop.poll();
  EXPECT_EQ(exchange.status.code(), StatusCode::Cancelled);
}

TEST_F(ProxyStreamTest, StartsAFullDuplexCallBeforeThereIsARequest) {
  for (const bool client_streams : {false, true}) {
    exchange.reset();
    exchange.the_plan.full_duplex = true;
    exchange.the_plan.client_streams = client_streams;
    exchange.the_plan.server_streams = true;
    exchange.pauses = true;
    exchange.requests.clear();
    script.reads = 0;
    script.messages = {"hello"};
    script.written.clear();
    script.half_closed = false;
    script.hangs = true;
    Started<void> pumping(forward(exchange, backend));
    loop.poll();
    EXPECT_EQ(exchange.told, "begin 0; hello; ");
    exchange.requests = {"a"};
    exchange.go_on();
    loop.poll();
    EXPECT_EQ(script.written, std::vector<std::string>{"a"});
    EXPECT_EQ(script.half_closed, !client_streams);
    pumping.request_stop();
    loop.poll();
    EXPECT_TRUE(pumping.done());
  }
}

TEST_F(ProxyStreamTest, CancelsTheCallWhenTheExchangeGivesUp) {
  exchange.the_plan.server_streams = true;
  script.hangs = true;
  Started<void> pumping(forward(exchange, backend));
  loop.poll();
  EXPECT_EQ(exchange.attending, 1);
  exchange.give_up();
  loop.poll();
  ASSERT_TRUE(pumping.done());
  EXPECT_EQ(exchange.status, Status(StatusCode::Cancelled, "nobody takes the answer"));
}

TEST_F(ProxyStreamTest, GivesUpBeforeTheFirstRequest) {
  exchange.requests.clear();
  exchange.pauses = true;
  Started<void> pumping(forward(exchange, backend));
  loop.poll();
  exchange.give_up();
  loop.poll();
  ASSERT_TRUE(pumping.done());
  EXPECT_EQ(script.started, 0);
  EXPECT_EQ(exchange.status.code(), StatusCode::Cancelled);
}

}  // namespace
}  // namespace sluice::gateway
