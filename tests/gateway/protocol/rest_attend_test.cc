// What a stream sends without a message: an early head, heartbeats, and answers that waited for the request's end.
#include <gtest/gtest.h>

#include <chrono>

#include "tests/gateway/protocol/rest_fixture.h"

namespace sluice::gateway {
namespace {

using Ended = FakeResponder::Ended;
using rpc::StatusCode;
using rpc::testing::Started;
using std::chrono::seconds;

// One exchange whose steps the test takes one by one.
class RestAttendTest : public RestFixture {
 protected:
  RestAttendTest() {
    route.server_streams = true;
    streams.flush_timeout = seconds(2);
    streams.heartbeat = seconds(10);
  }

  void open(const char* accept, const char* method = "PUT") {
    request.emplace(loop, method, "/v1/b1", Headers{{"Accept", accept}});
    exchange.emplace(*request, responder, route, RestSettings{errors, print, streams, answers});
    const std::vector<std::string_view> captures = {"b1"};
    ASSERT_TRUE(exchange->bind(captures, ""));
    attending.emplace(exchange->attend());
  }
  void ask() { ASSERT_TRUE(run(exchange->read())); }
  bool answer(const std::string& id) { return run(exchange->write(rpc::Buffer::copy_of(book(id)))); }
  void end(const rpc::Status& status = {}) {
    attending->request_stop();
    loop.poll();
    EXPECT_TRUE(attending->done());
    const rpc::Metadata none;
    run(exchange->end(status, none));
  }

  std::optional<FakeRequest> request;
  std::optional<RestExchange> exchange;
  std::optional<Started<void>> attending;
};

TEST_F(RestAttendTest, SendsTheHeadAfterTheFlushTimeout) {
  struct Case {
    const char* accept;
    const char* opening;
    const char* end;
  };
  for (const Case& one : {Case{"application/json", "[", "[]"}, Case{"application/x-ndjson", "", ""},
                          Case{"text/event-stream", "", "event: end\nid: end\ndata: {}\n\n"}}) {
    responder = FakeResponder();
    open(one.accept);
    advance(seconds(60));
    EXPECT_FALSE(responder.started()) << "before the request is there";
    ask();
    const rpc::Metadata metadata = {{"x-a", "1"}};
    run(exchange->begin(metadata));
    advance(seconds(1));
    EXPECT_FALSE(responder.started());
    advance(seconds(1));
    EXPECT_EQ(responder.status, 200);
    EXPECT_EQ(responder.header("x-a"), "1");
    EXPECT_EQ(responder.header("Content-Type"), one.accept);
    EXPECT_EQ(responder.body, one.opening);
    end();
    EXPECT_EQ(responder.body, one.end);
    EXPECT_EQ(responder.ended, Ended::Well);
  }
}

TEST_F(RestAttendTest, KeepsTheStatusOfAnErrorBeforeIt) {
  open("text/event-stream");
  ask();
  advance(seconds(1));
  end(peer_status(StatusCode::NotFound, "why"));
  EXPECT_EQ(responder.status, 404);
}

TEST_F(RestAttendTest, TellsOfAnErrorBehindAnEarlyHeadInBand) {
  open("application/json");
  ask();
  advance(seconds(2));
  end(peer_status(StatusCode::NotFound, "why"));
  EXPECT_EQ(responder.status, 200);
  EXPECT_EQ(responder.body, "[");
  EXPECT_EQ(responder.ended, Ended::Aborted);
}

TEST_F(RestAttendTest, GoesOnBehindAnEarlyHead) {
  open("application/json");
  ask();
  advance(seconds(2));
  EXPECT_TRUE(answer("a"));
  EXPECT_TRUE(answer("b"));
  end();
  EXPECT_EQ(responder.body, R"([{"id":"a"},{"id":"b"}])");
}

TEST_F(RestAttendTest, WaitsForTheTypeOfRawBytes) {
  plan_raw();
  open("*/*");
  ask();
  advance(seconds(60));
  EXPECT_FALSE(responder.started());
  EXPECT_TRUE(run(exchange->write(rpc::Buffer::copy_of(raw("text/csv", "a")))));
  EXPECT_EQ(responder.header("Content-Type"), "text/csv");
  end();
}

TEST_F(RestAttendTest, BeatsInSilentEventStreamsOnly) {
  open("text/event-stream");
  ask();
  advance(seconds(2));
  advance(seconds(9));
  EXPECT_EQ(responder.body, "");
  advance(seconds(1));
  EXPECT_EQ(responder.body, ":\n\n");
  advance(seconds(5));
  EXPECT_TRUE(answer("a"));
  advance(seconds(9));
  EXPECT_EQ(responder.body, ":\n\nid: 1\ndata: {\"id\":\"a\"}\n\n");
  advance(seconds(1));
  EXPECT_EQ(responder.body, ":\n\nid: 1\ndata: {\"id\":\"a\"}\n\n:\n\n");
  end();

  responder = FakeResponder();
  open("application/x-ndjson");
  ask();
  advance(seconds(100));
  EXPECT_EQ(responder.body, "");
  end();
}

TEST_F(RestAttendTest, EndsWhenNobodyTakesTheHead) {
  responder.takes_writes = 0;
  open("application/json", "HEAD");
  ask();
  advance(seconds(2));
  EXPECT_TRUE(attending->done());
  end(rpc::Status(StatusCode::Cancelled, "nobody takes the answer"));
  EXPECT_EQ(responder.status, 200);
  EXPECT_EQ(responder.ended, Ended::Well);
}

TEST_F(RestAttendTest, EndsWhenNobodyTakesAHeartbeat) {
  responder.takes_writes = 1;
  open("text/event-stream");
  ask();
  advance(seconds(2));
  advance(seconds(10));
  EXPECT_TRUE(attending->done());
  end(rpc::Status(StatusCode::Cancelled, "nobody takes the answer"));
}

class RestHalfDuplexTest : public RestAttendTest {
 protected:
  RestHalfDuplexTest() { route.client_streams = true; }
};

TEST_F(RestHalfDuplexTest, AnswersBehindTheEndOfTheRequest) {
  open("application/x-ndjson");
  request->pieces = {R"({"pages":1})", R"({"pages":2})"};
  ask();
  EXPECT_TRUE(answer("a"));
  ask();
  EXPECT_TRUE(answer("b"));
  EXPECT_FALSE(responder.started());
  ask();
  EXPECT_EQ(responder.body, "{\"id\":\"a\"}\n{\"id\":\"b\"}\n");
  EXPECT_TRUE(answer("c"));
  EXPECT_EQ(responder.pieces.size(), 2u);
  end();
  EXPECT_EQ(responder.ended, Ended::Well);
}

TEST_F(RestHalfDuplexTest, KeepsTheStatusOfAnErrorWithinTheRequest) {
  open("application/x-ndjson");
  request->pieces = {R"({"pages":1})", R"({"pages":"x"})"};
  ask();
  EXPECT_TRUE(answer("a"));
  const auto bad = run(exchange->read());
  ASSERT_FALSE(bad);
  end(bad.error());
  EXPECT_EQ(responder.status, 400);
  EXPECT_EQ(responder.body.find(R"("id")"), std::string::npos);
}

TEST_F(RestHalfDuplexTest, HoldsBackNoMoreThanItsBound) {
  open("application/x-ndjson");
  request->pieces = {R"({"pages":1})", R"({"pages":2})"};
  ask();
  const std::string long_id(100 * 1024, 'x');
  EXPECT_TRUE(answer(long_id));
  EXPECT_TRUE(answer(long_id));
  EXPECT_FALSE(responder.started());
  EXPECT_TRUE(answer(long_id));
  EXPECT_EQ(responder.body.size(), 3 * (long_id.size() + 10));
  EXPECT_TRUE(answer("b"));
  EXPECT_TRUE(responder.body.ends_with("{\"id\":\"b\"}\n"));
  end();
}

TEST_F(RestHalfDuplexTest, SendsWhatIsHeldBackAtTheFlushTimeoutAndAtTheEnd) {
  open("application/json");
  request->pieces = {R"({"pages":1})", R"({"pages":2})"};
  ask();
  EXPECT_TRUE(answer("a"));
  advance(seconds(2));
  EXPECT_EQ(responder.body, R"([{"id":"a"})");
  end();
  EXPECT_EQ(responder.body, R"([{"id":"a"}])");

  responder = FakeResponder();
  open("application/json");
  request->pieces = {R"({"pages":1})", R"({"pages":2})"};
  ask();
  EXPECT_TRUE(answer("a"));
  end();
  EXPECT_EQ(responder.body, R"([{"id":"a"}])");
}

}  // namespace
}  // namespace sluice::gateway
