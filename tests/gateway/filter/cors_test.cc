// What browsers are told: simple requests, preflights, credentials, and pages that are not admitted.
#include "gateway/filter/cors.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/gateway/filter/function_handler.h"
#include "tests/gateway/protocol/fake_http.h"
#include "tests/support/loop_fixture.h"

namespace sluice::gateway {
namespace {

rpc::Task<void> answer(Request& request, Responder& out) {
  Response response(request.method() == "OPTIONS" ? 204 : 200);
  response.head.headers.add(request.method() == "OPTIONS" ? "Allow" : "X-Shelf", "GET, POST");
  co_await out.send(std::move(response));
}

class CorsTest : public rpc::testing::LoopFixture {
 protected:
  // The fields of the answer, without those of the handler.
  std::string added(CorsOptions options, std::string_view method, Headers headers,
                    FunctionHandler::Function function = answer) {
    FunctionHandler next(std::move(function));
    Cors filter(next, std::move(options));
    FakeRequest request(loop, method, "/v1/shelves", std::move(headers));
    FakeResponder responder;
    rpc::testing::Started<void> handling(filter.handle(request, responder));
    loop.poll();
    handling.get();
    responder.headers.remove("Allow");
    responder.headers.remove("X-Shelf");
    return text_of(responder.headers);
  }

  static CorsOptions listed(bool credentials = false) {
    CorsOptions options;
    options.origins = {"https://app.example", "http://localhost:3000"};
    options.credentials = credentials;
    return options;
  }
  static CorsOptions any(bool credentials = false) {
    CorsOptions options;
    options.origins = {"*"};
    options.credentials = credentials;
    return options;
  }
};

TEST_F(CorsTest, NamesTheOriginThatIsListed) {
  EXPECT_EQ(added(listed(), "GET", {{"Origin", "https://app.example"}}),
            "Vary: Origin\nAccess-Control-Expose-Headers: X-Shelf\n"
            "Access-Control-Allow-Origin: https://app.example\n");
}

TEST_F(CorsTest, AddsNothingForOthersButTellsCaches) {
  EXPECT_EQ(added(listed(), "GET", {{"Origin", "https://evil.example"}}), "Vary: Origin\n");
  EXPECT_EQ(added(listed(), "GET", {{"Origin", "null"}}), "Vary: Origin\n");
  EXPECT_EQ(added(listed(), "GET", {}), "Vary: Origin\n");
  EXPECT_EQ(added(any(), "GET", {}), "");
}

TEST_F(CorsTest, AdmitsEveryPageByAStar) {
  EXPECT_EQ(added(any(), "GET", {{"Origin", "https://x.example"}}),
            "Access-Control-Expose-Headers: X-Shelf\nAccess-Control-Allow-Origin: *\n");
}

TEST_F(CorsTest, GivesCredentialsToListedPagesOnly) {
  EXPECT_EQ(added(listed(true), "GET", {{"Origin", "http://localhost:3000"}}),
            "Vary: Origin\nAccess-Control-Expose-Headers: X-Shelf\n"
            "Access-Control-Allow-Origin: http://localhost:3000\nAccess-Control-Allow-Credentials: true\n");
  EXPECT_EQ(added(any(true), "GET", {{"Origin", "https://x.example"}}),
            "Access-Control-Expose-Headers: X-Shelf\nAccess-Control-Allow-Origin: *\n");
}

TEST_F(CorsTest, AnswersAPreflightFromWhatTheRouteAllows) {
  EXPECT_EQ(added(listed(), "OPTIONS",
                  {{"Origin", "https://app.example"},
                   {"Access-Control-Request-Method", "POST"},
                   {"Access-Control-Request-Headers", "content-type, x-a"}}),
            "Vary: Origin\nAccess-Control-Allow-Methods: GET, POST\n"
            "Access-Control-Allow-Headers: content-type, x-a\nAccess-Control-Max-Age: 600\n"
            "Access-Control-Allow-Origin: https://app.example\n");
  EXPECT_EQ(added(listed(), "OPTIONS", {{"Origin", "https://evil.example"}, {"Access-Control-Request-Method", "POST"}}),
            "Vary: Origin\n");
}

TEST_F(CorsTest, MarksStreamsToo) {
  const auto stream = [](Request&, Responder& out) -> rpc::Task<void> {
    co_await out.begin(ResponseHead(200));
    co_await out.end();
  };
  EXPECT_EQ(added(any(), "GET", {{"Origin", "https://x.example"}}, stream), "Access-Control-Allow-Origin: *\n");
}

TEST_F(CorsTest, LetsNoBackendSpeakOfCors) {
  const auto backend = [](Request&, Responder& out) -> rpc::Task<void> {
    ResponseHead head(200);
    for (const char* name : {"access-control-allow-origin", "Grpc-Trailer-access-control-max-age", "X-Shelf",
                             "access-control-allow-origin"}) {
      head.headers.add(name, "*");
    }
    co_await out.begin(std::move(head));
    Headers trailers;
    trailers.add("access-control-max-age", "1");
    co_await out.end(std::move(trailers));
  };
  EXPECT_EQ(added(listed(), "GET", {{"Origin", "https://evil.example"}}, backend), "Vary: Origin\n");
  EXPECT_EQ(added(any(), "GET", {{"Origin", "https://x.example"}}, backend),
            "Access-Control-Expose-Headers: X-Shelf\nAccess-Control-Allow-Origin: *\n");
}

}  // namespace
}  // namespace sluice::gateway
