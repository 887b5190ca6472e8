// The proxy between a scripted exchange and a scripted call.
#include "gateway/proxy.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/gateway/proxy/scripted_call.h"
#include "tests/gateway/proxy/scripted_exchange.h"
#include "tests/support/loop_fixture.h"
#include "tests/support/print_status.h"

namespace sluice::gateway {
namespace {

using rpc::Status;
using rpc::StatusCode;

class ProxyTest : public rpc::testing::LoopFixture {
 protected:
  ProxyTest() {
    script.headers = {{"h", "1"}};
    script.trailers = {{"t", "1"}, {"u", "2"}};
    exchange.the_plan.path = "/a.B/C";
  }

  void forward_all() {
    run(forward(exchange, backend));
    EXPECT_EQ(exchange.ends, 1);
    EXPECT_EQ(script.released, script.started);
  }

  Script script;
  ScriptedCaller backend{loop, script};
  ScriptedExchange exchange{loop};
};

TEST_F(ProxyTest, HandsThePlanToTheCall) {
  exchange.the_plan.timeout = rpc::Duration(std::chrono::seconds(3));
  exchange.the_plan.metadata = {{"x-tenant", "blue"}};
  exchange.the_plan.max_response_bytes = 77;
  script.messages = {"reply"};
  forward_all();
  EXPECT_EQ(script.path, "/a.B/C");
  EXPECT_EQ(script.timeout, exchange.the_plan.timeout);
  EXPECT_EQ(script.max_receive_bytes, 77u);
  EXPECT_EQ(script.sent_metadata.get("x-tenant"), "blue");
  EXPECT_EQ(script.written, std::vector<std::string>{"ask"});
  EXPECT_TRUE(script.half_closed);
}

TEST_F(ProxyTest, StartsNoCallForARequestThatCannotBeRead) {
  exchange.requests.clear();
  exchange.request_end = rpc::fail(StatusCode::InvalidArgument, "no JSON");
  forward_all();
  EXPECT_EQ(script.started, 0);
  EXPECT_EQ(exchange.status, Status(StatusCode::InvalidArgument, "no JSON"));
  EXPECT_EQ(exchange.told, "");
}

TEST_F(ProxyTest, HalfClosesACallWithoutAMessage) {
  exchange.requests.clear();
  script.messages = {"reply"};
  forward_all();
  EXPECT_TRUE(script.written.empty());
  EXPECT_TRUE(script.half_closed);
}

struct Case {
  const char* name;
  bool streams;
  std::vector<std::string> messages;
  bool has_headers;
  Status status;
  const char* told;
  StatusCode end;
  Status::Origin origin;
};

Status from_peer(StatusCode code) { return Status(code, "why").with_origin(Status::Origin::Peer); }

TEST_F(ProxyTest, PumpsTheAnswer) {
  const Status ok = Status().with_origin(Status::Origin::Peer);
  const auto peer = Status::Origin::Peer;
  const auto transport = Status::Origin::Transport;
  const Case cases[] = {
      {"UnaryNone", false, {}, true, ok, "begin 1; ", StatusCode::Internal, transport},
      {"UnaryOne", false, {"a"}, true, ok, "begin 1; a; ", StatusCode::Ok, peer},
      {"UnaryTwo", false, {"a", "b", "c"}, true, ok, "", StatusCode::Internal, transport},
      {"UnaryError", false, {}, false, from_peer(StatusCode::NotFound), "begin 0; ", StatusCode::NotFound, peer},
      {"UnaryMessageAndError",
       false,
       {"a"},
       true,
       from_peer(StatusCode::Aborted),
       "begin 1; ",
       StatusCode::Aborted,
       peer},
      {"StreamNone", true, {}, true, ok, "begin 1; ", StatusCode::Ok, peer},
      {"StreamTwo", true, {"a", "b"}, true, ok, "begin 1; a; b; ", StatusCode::Ok, peer},
      {"StreamError", true, {}, false, from_peer(StatusCode::NotFound), "begin 0; ", StatusCode::NotFound, peer},
      {"StreamLateError",
       true,
       {"a"},
       true,
       from_peer(StatusCode::DataLoss),
       "begin 1; a; ",
       StatusCode::DataLoss,
       peer},
  };
  for (const Case& one : cases) {
    SCOPED_TRACE(one.name);
    exchange.reset();
    exchange.the_plan.server_streams = one.streams;
    script.reads = 0;
    script.messages = one.messages;
    script.has_headers = one.has_headers;
    script.status = one.status;
    forward_all();
    EXPECT_EQ(exchange.told, one.told);
    EXPECT_EQ(exchange.status.code(), one.end);
    EXPECT_EQ(exchange.status.origin(), one.origin);
    EXPECT_EQ(exchange.trailer_count, exchange.told.empty() ? 0u : 2u);
  }
}

TEST_F(ProxyTest, DoesNotListenToAUnaryBackendThatGoesOn) {
  script.messages = {"a", "b"};
  script.hangs = true;
  forward_all();
  EXPECT_EQ(exchange.status.message(), "the backend answered a unary call with more than one message");
}

TEST_F(ProxyTest, ReadsTheStatusOfACallThatTakesNoMessage) {
  script.takes_writes = false;
  script.has_headers = false;
  script.status = from_peer(StatusCode::PermissionDenied);
  forward_all();
  EXPECT_EQ(exchange.status, Status(StatusCode::PermissionDenied, "why"));
}

TEST_F(ProxyTest, CancelsTheCallWhenNobodyTakesTheAnswer) {
  exchange.the_plan.server_streams = true;
  exchange.takes = 1;
  script.messages = {"a", "b", "c"};
  script.hangs = true;
  forward_all();
  EXPECT_EQ(exchange.told, "begin 1; a; b; ");
  EXPECT_EQ(exchange.status.code(), StatusCode::Cancelled);
  EXPECT_EQ(script.reads, 2u);
}

TEST_F(ProxyTest, EndsWithTheCallWhenItIsStopped) {
  for (const bool streams : {false, true}) {
    exchange.reset();
    exchange.the_plan.server_streams = streams;
    script.reads = 0;
    script.messages = {"a"};
    script.hangs = true;
    script.status = Status();
    rpc::testing::Started<void> pumping(forward(exchange, backend));
    loop.poll();
    EXPECT_FALSE(pumping.done());
    pumping.request_stop();
    loop.poll();
    ASSERT_TRUE(pumping.done());
    EXPECT_EQ(exchange.status, Status(StatusCode::Cancelled, "stopped"));
    EXPECT_EQ(exchange.ends, 1);
  }
}

}  // namespace
}  // namespace sluice::gateway
