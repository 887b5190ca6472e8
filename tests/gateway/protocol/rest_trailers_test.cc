// Trailing metadata, and the end of a failed stream, for clients that take HTTP trailers.
#include <gtest/gtest.h>

#include "tests/gateway/protocol/rest_fixture.h"

namespace sluice::gateway {
namespace {

using Ended = FakeResponder::Ended;
using rpc::StatusCode;

class RestTrailersTest : public RestFixture {
 protected:
  void serve_with_te(const Answer& answer, const char* accept = "*/*") {
    FakeRequest request(loop, "PUT", "/v1/b1", {{"TE", "gzip, Trailers"}, {"Accept", accept}});
    serve(request, answer);
  }
};

TEST_F(RestTrailersTest, EndUnaryAnswers) {
  Answer answer;
  answer.messages = {book("b1")};
  answer.trailers = {{"x-cost", "3"}, {"sum-bin", "hi"}, {"grpc-status", "0"}};
  serve_with_te(answer);
  EXPECT_EQ(responder.ended, Ended::Well);
  EXPECT_EQ(text_of(responder.headers), "Content-Type: application/json\n");
  EXPECT_EQ(responder.body, R"({"id":"b1"})");
  EXPECT_EQ(text_of(responder.trailers), "x-cost: 3\nsum-bin: aGk\n");
}

TEST_F(RestTrailersTest, EndErrors) {
  Answer answer;
  answer.status = peer_status(StatusCode::NotFound, "why");
  answer.trailers = {{"x-cost", "3"}};
  serve_with_te(answer);
  EXPECT_EQ(responder.status, 404);
  EXPECT_EQ(responder.ended, Ended::Well);
  EXPECT_EQ(responder.body, R"({"code":5,"message":"why","details":[]})");
  EXPECT_EQ(text_of(responder.trailers), "x-cost: 3\n");
}

TEST_F(RestTrailersTest, AreNotNeededWithoutMetadata) {
  Answer answer;
  answer.messages = {book("b1")};
  answer.trailers = {{"grpc-status", "0"}};
  serve_with_te(answer);
  EXPECT_EQ(responder.ended, Ended::Whole);
}

TEST_F(RestTrailersTest, DoNotExistOnHttp10) {
  FakeRequest request(loop, "PUT", "/v1/b1", {{"TE", "trailers"}});
  request.head().version = HttpVersion::Http10;
  Answer answer;
  answer.messages = {book("b1")};
  answer.trailers = {{"x-cost", "3"}};
  serve(request, answer);
  EXPECT_EQ(responder.ended, Ended::Whole);
  EXPECT_EQ(responder.header("Grpc-Trailer-x-cost"), "3");
}

TEST_F(RestTrailersTest, EndStreams) {
  struct Case {
    const char* accept;
    rpc::Status status;
    const char* body;
    const char* trailers;
  };
  rpc::Status unreachable(StatusCode::Unavailable, "connect to 10.0.0.7:50051: refused");
  unreachable.set_origin(rpc::Status::Origin::Transport);
  const Case cases[] = {
      {"*/*", rpc::Status(), R"([{"id":"a"}])", "x-cost: 3\n"},
      {"*/*", peer_status(StatusCode::Aborted, "50% \u00e4"), R"([{"id":"a"})",
       "grpc-status: 10\ngrpc-message: 50%25 %C3%A4\nx-cost: 3\n"},
      {"application/jsonl", peer_status(StatusCode::Aborted, "why"),
       "{\"id\":\"a\"}\n{\"error\":{\"code\":10,\"message\":\"why\",\"details\":[]}}\n",
       "grpc-status: 10\ngrpc-message: why\nx-cost: 3\n"},
      {"*/*", unreachable, R"([{"id":"a"})",
       "grpc-status: 14\ngrpc-message: the backend cannot be reached\nx-cost: 3\n"},
  };
  route.server_streams = true;
  for (const Case& one : cases) {
    responder = FakeResponder();
    Answer answer;
    answer.messages = {book("a")};
    answer.status = one.status;
    answer.trailers = {{"x-cost", "3"}, {"grpc-status", "0"}};
    serve_with_te(answer, one.accept);
    EXPECT_EQ(responder.ended, Ended::Well);
    EXPECT_EQ(responder.body, one.body);
    EXPECT_EQ(text_of(responder.trailers), one.trailers);
  }
}

}  // namespace
}  // namespace sluice::gateway
