// What REST answers to a request that does not bind, and to a call that fails.
#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>
#include <gtest/gtest.h>

#include "tests/gateway/protocol/rest_fixture.h"

namespace sluice::gateway {
namespace {

using rpc::Status;
using rpc::StatusCode;

using RestErrorTest = RestFixture;

TEST_F(RestErrorTest, NamesTheFieldThatDoesNotBind) {
  FakeRequest request(loop, "PUT", "/v1/b1");
  request.pieces = {R"({"pages":"many"})"};
  serve(request, Answer());
  EXPECT_EQ(responder.status, 400);
  EXPECT_NE(responder.body.find(R"("code":3)"), std::string::npos) << responder.body;
  EXPECT_NE(responder.body.find(R"("fieldViolations":[{"field":"pages")"), std::string::npos) << responder.body;
}

TEST_F(RestErrorTest, RefusesHeadsThatDoNotBind) {
  const Headers::Pair fields[] = {{"X-Bin", "%"}, {"grpc-timeout", "soon"}, {"X-Request-Timeout", "-1"}};
  for (const auto& [name, value] : fields) {
    FakeRequest request(loop, "PUT", "/v1/b1", {{name, value}});
    serve(request, Answer());
    EXPECT_EQ(responder.status, 400) << name;
    EXPECT_TRUE(responder.body.starts_with(R"({"code":3,"message":")")) << responder.body;
  }
}

TEST_F(RestErrorTest, NamesTheFieldOfAMalformedCapture) {
  FakeRequest request(loop, "PUT", "/v1/x");
  for (const char* capture : {"%", "%00", "%ff", "%2e%2e"}) {
    RestExchange exchange = make(request);
    const std::vector<std::string_view> captures = {capture};
    const rpc::Result<void> bound = exchange.bind(captures, "");
    ASSERT_FALSE(bound) << capture;
    EXPECT_EQ(bound.error().code(), StatusCode::InvalidArgument);
    EXPECT_TRUE(bound.error().message().starts_with("book.name: ")) << bound.error().message();
    google::rpc::Status status;
    google::rpc::BadRequest details;
    ASSERT_TRUE(status.ParseFromString(bound.error().details()));
    ASSERT_EQ(status.details_size(), 1);
    ASSERT_TRUE(status.details(0).UnpackTo(&details));
    ASSERT_EQ(details.field_violations_size(), 1);
    EXPECT_EQ(details.field_violations(0).field(), "book.name");
  }
}

TEST_F(RestErrorTest, AnswersErrorsOfTheBody) {
  struct Case {
    StatusCode code;
    int http_status;
    const char* body;
  };
  const Case cases[] = {
      {StatusCode::ResourceExhausted, 413, R"({"code":8,"message":"why","details":[]})"},
      {StatusCode::InvalidArgument, 400, R"({"code":3,"message":"why","details":[]})"},
      {StatusCode::DeadlineExceeded, 408, R"({"code":4,"message":"why","details":[]})"},
      {StatusCode::Cancelled, 499, R"({"code":1,"message":"why","details":[]})"},
  };
  for (const Case& one : cases) {
    FakeRequest request(loop, "PUT", "/v1/b1");
    request.pieces = {"{"};
    request.body_error = Status(one.code, "why");
    serve(request, Answer());
    EXPECT_EQ(responder.status, one.http_status);
    EXPECT_EQ(responder.body, one.body);
  }
}

TEST_F(RestErrorTest, AnswersAContentTypeThatIsNoJson) {
  struct Case {
    const char* method;
    Headers headers;
    const char* body;
    int http_status;
    const char* accept;  // the header that says what is expected
  };
  const Case cases[] = {
      {"PUT", {{"Content-Type", "text/plain"}}, "{}", 415, "Accept-Post"},
      {"PATCH", {{"Content-Type", "text/plain"}}, "{}", 415, "Accept-Patch"},
      {"PUT", {{"Content-Encoding", "lzma"}}, "{}", 415, "Accept-Post"},
      {"PUT", {{"Content-Encoding", "Identity"}}, "{}", 200, "none"},
      {"PUT", {{"Content-Type", "text/plain"}}, "", 200, "none"},
      {"PUT", {{"Content-Type", "application/merge+json; charset=utf-8"}}, "{}", 200, "none"},
      {"PUT", {}, "{}", 200, "none"},
  };
  for (const Case& one : cases) {
    FakeRequest request(loop, one.method, "/v1/b1", one.headers);
    request.pieces = {one.body};
    Answer answer;
    answer.messages = {book("b1")};
    serve(request, answer);
    EXPECT_EQ(responder.status, one.http_status) << text_of(one.headers);
    if (one.http_status != 415) continue;
    EXPECT_EQ(responder.header(one.accept), "application/json");
    EXPECT_TRUE(responder.body.starts_with(R"({"code":3,"message":"Content-)")) << responder.body;
  }
}

TEST_F(RestErrorTest, RefusesBeforeTheClientSendsTheBody) {
  FakeRequest request(loop, "PUT", "/v1/b1", {{"Content-Type", "text/plain"}, {"Expect", "100-continue"}});
  request.pieces = {"{}"};
  serve(request, Answer());
  EXPECT_EQ(responder.status, 415);
  EXPECT_EQ(request.reads, 0);
}

TEST_F(RestErrorTest, AnswersTheStatusOfTheCall) {
  google::rpc::Status details;
  details.add_details()->PackFrom([] {
    google::rpc::RetryInfo retry;
    retry.mutable_retry_delay()->set_seconds(4);
    return retry;
  }());
  FakeRequest request(loop, "PUT", "/v1/b1");
  Answer answer;
  answer.headers = {{"x-a", "1"}};
  answer.messages = {book("b1")};
  answer.status = peer_status(StatusCode::ResourceExhausted, "slow \"down\"");
  answer.status.set_details(details.SerializeAsString());
  answer.trailers = {{"x-cost", "3"}, {"grpc-status-details-bin", "x"}};
  serve(request, answer);
  EXPECT_EQ(responder.status, 429);
  EXPECT_EQ(text_of(responder.headers),
            "Content-Type: application/json\nRetry-After: 4\nx-a: 1\nGrpc-Trailer-x-cost: 3\n");
  EXPECT_TRUE(responder.body.starts_with(R"({"code":8,"message":"slow \"down\"","details":[{)")) << responder.body;
}

rpc::Task<bool> read_when_stopped(RestExchange& exchange) {
  rpc::StopSource stop;
  stop.request_stop();
  const auto message = co_await exchange.read().with_stop(stop.token());
  co_return message.has_value();
}

// A call that ends stops the reading of the request, whose error then is of no account.
TEST_F(RestErrorTest, AnswersTheStatusThatStoppedTheRequest) {
  route.client_streams = true;
  FakeRequest request(loop, "PUT", "/v1/b1");
  request.body_error = Status(StatusCode::Cancelled, "reading the body was stopped");
  RestExchange exchange = make(request);
  const std::vector<std::string_view> captures = {"b1"};
  ASSERT_TRUE(exchange.bind(captures, ""));
  EXPECT_FALSE(run(read_when_stopped(exchange)));
  run(exchange.end(peer_status(StatusCode::FailedPrecondition, "enough"), {}));
  EXPECT_EQ(responder.status, 400);
  EXPECT_EQ(responder.body, R"({"code":9,"message":"enough","details":[]})");
}

TEST_F(RestErrorTest, BlamesTheBackendForAMessageThatIsNone) {
  for (const bool is_raw : {false, true}) {
    if (is_raw) plan_raw();
    FakeRequest request(loop, "PUT", "/v1/b1");
    Answer answer;
    answer.messages = {"\x0a\xff"};
    serve(request, answer);
    EXPECT_EQ(responder.status, 502);
    EXPECT_EQ(responder.ended, FakeResponder::Ended::Whole);
    EXPECT_TRUE(responder.body.starts_with(R"({"code":13,)")) << responder.body;
    EXPECT_EQ(text_of(responder.headers), "Content-Type: application/json\n");
  }
}

}  // namespace
}  // namespace sluice::gateway
