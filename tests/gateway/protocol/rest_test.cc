// Unary REST: the message that a backend gets, and the answer of one message.
#include <gtest/gtest.h>

#include "tests/gateway/protocol/rest_fixture.h"

namespace sluice::gateway {
namespace {

using RestExchangeTest = RestFixture;

TEST_F(RestExchangeTest, PlansTheCallFromRouteAndHead) {
  FakeRequest request(loop, "PUT", "/v1/b1", {{"X-Tenant", "blue"}, {"X-Request-Timeout", "2"}});
  RestExchange exchange = make(request);
  const std::vector<std::string_view> captures = {"b1"};
  ASSERT_TRUE(exchange.bind(captures, ""));
  EXPECT_EQ(exchange.plan().path, "/sluice.test.Library/PutBook");
  EXPECT_EQ(exchange.plan().metadata.get("x-tenant"), "blue");
  EXPECT_EQ(exchange.plan().timeout, rpc::Duration(std::chrono::seconds(2)));
  EXPECT_EQ(exchange.plan().max_response_bytes, 2000u);
  EXPECT_FALSE(exchange.plan().server_streams);
}

TEST_F(RestExchangeTest, GivesACallTheTimeoutOfItsRoute) {
  for (const auto timeout : {route.timeout.time, std::optional<rpc::Duration>()}) {
    route.timeout.time = timeout;
    FakeRequest request(loop, "PUT", "/v1/b1");
    RestExchange exchange = make(request);
    const std::vector<std::string_view> captures = {"b1"};
    ASSERT_TRUE(exchange.bind(captures, ""));
    EXPECT_EQ(exchange.plan().timeout, timeout);
  }
}

TEST_F(RestExchangeTest, JoinsABodyThatComesInPieces) {
  const std::string body = R"({"title":"Emma","pages":7})";
  for (std::size_t first = 0; first <= body.size(); ++first) {
    for (std::size_t second = first; second <= body.size(); ++second) {
      FakeRequest request(loop, "PUT", "/v1/b1");
      request.pieces = {body.substr(0, first), body.substr(first, second - first), body.substr(second)};
      Answer answer;
      answer.messages = {book("b1")};
      serve(request, answer);
      test::Book got;
      ASSERT_TRUE(got.ParseFromString(sent));
      EXPECT_EQ(got.ShortDebugString(), R"(id: "b1" title: "Emma" pages: 7)");
      EXPECT_EQ(request.body_limit, 1000u);
      ASSERT_EQ(responder.body, R"({"id":"b1"})");
    }
  }
}

TEST_F(RestExchangeTest, ReadsOneMessageWithRoomForItsPrefix) {
  FakeRequest request(loop, "PUT", "/v1/b1");
  RestExchange exchange = make(request);
  const std::vector<std::string_view> captures = {"b%201"};
  ASSERT_TRUE(exchange.bind(captures, ""));
  const auto first = run(exchange.read());
  ASSERT_TRUE(first && *first);
  EXPECT_EQ((*first)->text(), book("b 1"));
  EXPECT_GE((*first)->headroom(), rpc::kMessagePrefixBytes);
  const auto second = run(exchange.read());
  ASSERT_TRUE(second);
  EXPECT_FALSE(*second);
}

TEST_F(RestExchangeTest, AnswersOneMessageAtOnce) {
  FakeRequest request(loop, "PUT", "/v1/b1");
  Answer answer;
  answer.headers = {{"x-a", "1"}, {"content-type", "application/grpc"}};
  answer.messages = {book("b7")};
  answer.trailers = {{"x-cost", "3"}, {"sum-bin", "hi"}, {"grpc-status", "0"}};
  serve(request, answer);
  EXPECT_EQ(responder.ended, FakeResponder::Ended::Whole);
  EXPECT_EQ(responder.status, 200);
  EXPECT_EQ(responder.body, R"({"id":"b7"})");
  EXPECT_EQ(text_of(responder.headers),
            "x-a: 1\nContent-Type: application/json\nGrpc-Trailer-x-cost: 3\nGrpc-Trailer-sum-bin: aGk\n");
}

TEST_F(RestExchangeTest, PassesRawBodiesBothWays) {
  plan_raw();
  FakeRequest request(loop, "POST", "/raw", {{"Content-Type", "image/png"}});
  request.pieces = {"\x89P", "NG"};
  Answer answer;
  answer.messages = {raw("text/csv", "a,b\n")};
  serve(request, answer);
  EXPECT_EQ(sent, raw("image/png", "\x89PNG"));
  EXPECT_EQ(responder.header("Content-Type"), "text/csv");
  EXPECT_EQ(responder.body, "a,b\n");
}

TEST_F(RestExchangeTest, CallsRawBytesWithoutATypeOctets) {
  plan_raw();
  FakeRequest request(loop, "POST", "/raw");
  Answer answer;
  answer.messages = {raw("", "x")};
  serve(request, answer);
  EXPECT_EQ(responder.header("Content-Type"), "application/octet-stream");
}

TEST_F(RestExchangeTest, LeavesTheBodyOfHeadToTheResponder) {
  FakeRequest request(loop, "HEAD", "/v1/b1", {{"TE", "trailers"}});
  Answer answer;
  answer.messages = {book("b1")};
  answer.trailers = {{"x-cost", "3"}};
  serve(request, answer);
  EXPECT_EQ(responder.ended, FakeResponder::Ended::Whole);
  EXPECT_EQ(responder.header("Grpc-Trailer-x-cost"), "3");
}

}  // namespace
}  // namespace sluice::gateway
