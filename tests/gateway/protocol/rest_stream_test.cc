// Server streams as a JSON array, as lines, and as raw bytes.
#include <gtest/gtest.h>

#include "tests/gateway/protocol/rest_fixture.h"

namespace sluice::gateway {
namespace {

using Ended = FakeResponder::Ended;
using rpc::StatusCode;

constexpr const char* kLines = "application/x-ndjson";
constexpr const char* kArray = "application/json";
constexpr const char* kEvents = "text/event-stream";

class RestStreamTest : public RestFixture {
 protected:
  RestStreamTest() { route.server_streams = true; }

  void stream(const char* accept, const Answer& answer) {
    FakeRequest request(loop, method, "/v1/b1", {{"Accept", accept}});
    serve(request, answer);
  }

  const char* method = "PUT";
};

struct Case {
  const char* name;
  const char* accept;
  std::vector<std::string> messages;
  StatusCode code;
  int http_status;
  const char* body;
  Ended ended;
};

const Case kCases[] = {
    {"EmptyArray", kArray, {}, StatusCode::Ok, 200, "[]", Ended::Whole},
    {"EmptyLines", kLines, {}, StatusCode::Ok, 200, "", Ended::Whole},
    {"Array", kArray, {"a", "b"}, StatusCode::Ok, 200, R"([{"id":"a"},{"id":"b"}])", Ended::Well},
    {"Lines", kLines, {"a", "b"}, StatusCode::Ok, 200, "{\"id\":\"a\"}\n{\"id\":\"b\"}\n", Ended::Well},
    {"EmptyEvents", kEvents, {}, StatusCode::Ok, 200, "event: end\nid: end\ndata: {}\n\n", Ended::Whole},
    {"Events",
     kEvents,
     {"a", "b"},
     StatusCode::Ok,
     200,
     "id: 1\ndata: {\"id\":\"a\"}\n\nid: 2\ndata: {\"id\":\"b\"}\n\nevent: end\nid: end\ndata: {}\n\n",
     Ended::Well},
    {"EarlyErrorOfEvents",
     kEvents,
     {},
     StatusCode::NotFound,
     404,
     R"({"code":5,"message":"why","details":[]})",
     Ended::Whole},
    {"LateErrorOfEvents",
     kEvents,
     {"a"},
     StatusCode::Aborted,
     200,
     "id: 1\ndata: {\"id\":\"a\"}\n\n"
     "event: error\nid: end\ndata: {\"code\":10,\"message\":\"why\",\"details\":[]}\n\n",
     Ended::Well},
    {"EarlyErrorOfArray",
     kArray,
     {},
     StatusCode::NotFound,
     404,
     R"({"code":5,"message":"why","details":[]})",
     Ended::Whole},
    {"EarlyErrorOfLines",
     kLines,
     {},
     StatusCode::NotFound,
     404,
     R"({"code":5,"message":"why","details":[]})",
     Ended::Whole},
    {"LateErrorOfArray", kArray, {"a"}, StatusCode::Aborted, 200, R"([{"id":"a"})", Ended::Aborted},
    {"LateErrorOfLines",
     kLines,
     {"a"},
     StatusCode::Aborted,
     200,
     "{\"id\":\"a\"}\n{\"error\":{\"code\":10,\"message\":\"why\",\"details\":[]}}\n",
     Ended::Aborted},
};

TEST_F(RestStreamTest, FramesMessagesAndEnds) {
  for (const Case& one : kCases) {
    responder = FakeResponder();
    Answer answer;
    for (const std::string& id : one.messages) answer.messages.push_back(book(id));
    if (one.code != StatusCode::Ok) answer.status = peer_status(one.code, "why");
    stream(one.accept, answer);
    EXPECT_EQ(responder.status, one.http_status) << one.name;
    EXPECT_EQ(responder.body, one.body) << one.name;
    EXPECT_EQ(responder.ended, one.ended) << one.name;
    EXPECT_TRUE(responder.trailers.empty()) << one.name;
    EXPECT_EQ(responder.header("Content-Type"), one.http_status == 200 ? one.accept : kArray) << one.name;
  }
}

TEST_F(RestStreamTest, KnowsAnEventStreamThatWasReadBefore) {
  for (const auto& [accept, id, before] :
       {std::tuple{kEvents, "end", true}, std::tuple{kEvents, "7", false}, std::tuple{kArray, "end", false}}) {
    FakeRequest request(loop, method, "/v1/b1", {{"Accept", accept}, {"Last-Event-ID", id}});
    RestExchange exchange = make(request);
    const std::vector<std::string_view> captures = {"b1"};
    ASSERT_TRUE(exchange.bind(captures, ""));
    EXPECT_EQ(exchange.was_read_before(), before) << accept << " " << id;
    EXPECT_EQ(exchange.plan().metadata.get("last-event-id"), id);
  }
}

TEST_F(RestStreamTest, KeepsCachesOffEvents) {
  Answer answer;
  answer.messages = {book("a")};
  stream(kEvents, answer);
  EXPECT_EQ(text_of(responder.headers), "Content-Type: text/event-stream\nCache-Control: no-cache\n");
  responder = FakeResponder();
  answer.headers = {{"cache-control", "private"}};
  stream(kEvents, answer);
  EXPECT_EQ(text_of(responder.headers), "cache-control: private\nContent-Type: text/event-stream\n");
}

TEST_F(RestStreamTest, WritesEachMessageOnItsOwn) {
  Answer answer;
  answer.headers = {{"x-a", "1"}};
  answer.messages = {book("a"), book("b")};
  stream(kArray, answer);
  EXPECT_EQ(responder.pieces, (std::vector<std::string>{R"([{"id":"a"})", R"(,{"id":"b"})", "]"}));
  EXPECT_EQ(text_of(responder.headers), "x-a: 1\nContent-Type: application/json\n");
}

TEST_F(RestStreamTest, PrettyPrintsArraysButNeverLines) {
  print.pretty = true;
  Answer answer;
  answer.messages = {book("a")};
  stream(kArray, answer);
  EXPECT_NE(responder.body.find('\n'), std::string::npos);
  responder = FakeResponder();
  stream(kLines, answer);
  EXPECT_EQ(responder.body, "{\"id\":\"a\"}\n");
  responder = FakeResponder();
  stream(kEvents, answer);
  EXPECT_TRUE(responder.body.starts_with("id: 1\ndata: {\"id\":\"a\"}\n\n")) << responder.body;
}

TEST_F(RestStreamTest, TellsOfAMessageThatIsNone) {
  Answer answer;
  answer.messages = {"\x0a\xff", book("b")};
  stream(kLines, answer);
  EXPECT_EQ(responder.status, 502);
  EXPECT_EQ(responder.ended, Ended::Whole);

  responder = FakeResponder();
  answer.messages = {book("a"), "\x0a\xff", book("c")};
  stream(kArray, answer);
  EXPECT_EQ(responder.status, 200);
  EXPECT_EQ(responder.body, R"([{"id":"a"})");
  EXPECT_EQ(responder.ended, Ended::Aborted);

  responder = FakeResponder();
  stream(kLines, answer);
  EXPECT_TRUE(responder.body.starts_with("{\"id\":\"a\"}\n{\"error\":{\"code\":13,")) << responder.body;
  EXPECT_EQ(responder.ended, Ended::Aborted);
}

TEST_F(RestStreamTest, StopsWhenNobodyTakesTheRest) {
  responder.takes_writes = 1;
  Answer answer;
  answer.messages = {book("a"), book("b")};
  answer.status = rpc::Status(StatusCode::Cancelled, "nobody takes the answer");
  stream(kArray, answer);
  EXPECT_EQ(responder.body, R"([{"id":"a"})");
  EXPECT_EQ(responder.ended, Ended::Aborted);
}

TEST_F(RestStreamTest, EndsHeadWellOnceTheHeadersAreKnown) {
  method = "HEAD";
  responder.takes_writes = 0;
  Answer answer;
  answer.messages = {book("a"), book("b")};
  answer.status = rpc::Status(StatusCode::Cancelled, "nobody takes the answer");
  stream(kArray, answer);
  EXPECT_EQ(responder.status, 200);
  EXPECT_EQ(responder.ended, Ended::Well);
}

TEST_F(RestStreamTest, PassesRawBytesWithTheFirstType) {
  plan_raw();
  Answer answer;
  answer.messages = {raw("text/csv", "a,b\n"), raw("image/png", "c,d\n")};
  stream(kLines, answer);
  EXPECT_EQ(responder.body, "a,b\nc,d\n");
  EXPECT_EQ(text_of(responder.headers), "Content-Type: text/csv\n");
  EXPECT_EQ(responder.ended, Ended::Well);

  responder = FakeResponder();
  answer.status = peer_status(StatusCode::Internal, "why");
  stream(kLines, answer);
  EXPECT_EQ(responder.body, "a,b\nc,d\n");
  EXPECT_EQ(responder.ended, Ended::Aborted);

  responder = FakeResponder();
  stream(kArray, Answer());
  EXPECT_EQ(responder.status, 200);
  EXPECT_TRUE(responder.body.empty());
  EXPECT_TRUE(responder.headers.empty());
}

}  // namespace
}  // namespace sluice::gateway
