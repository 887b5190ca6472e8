// Tokens, the rate of calls, and handlers that throw.
#include <gmock/gmock.h>

#include <stdexcept>

#include "rpc_core/interceptor/catch_exceptions.h"
#include "rpc_core/interceptor/rate_limit.h"
#include "rpc_core/interceptor/token_check.h"
#include "tests/rpc_core/interceptor/interceptor_fixture.h"

namespace sluice::rpc::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

class TokenCheckTest : public InterceptorFixture {
 protected:
  TokenCheckTest() { serve({&check}); }
  Status with(std::string authorization) {
    Metadata metadata;
    metadata.add("authorization", authorization);
    return call({.metadata = &metadata});
  }

  TokenCheck check{[](std::string_view token, const CallInfo& info) -> Task<Status> {
    Status status = token == "sesame" && info.path == kRawPath
                        ? Status()
                        : Status(StatusCode::PermissionDenied, "not with this token");
    co_return status;
  }};
};

TEST_F(TokenCheckTest, AdmitsWhatTheCheckAdmits) {
  EXPECT_EQ(with("Bearer sesame"), Status());
  EXPECT_EQ(with("bEARER sesame"), Status());
  EXPECT_EQ(service.started, 2);
}

TEST_F(TokenCheckTest, EndsTheOtherCallsBeforeTheService) {
  EXPECT_EQ(with("Bearer x"), Status(StatusCode::PermissionDenied, "not with this token"));
  for (const char* field : {"Basic sesame", "Bearer", "Bearer ", "sesame", ""}) {
    EXPECT_EQ(with(field).code(), StatusCode::Unauthenticated) << field;
  }
  EXPECT_EQ(call(), Status(StatusCode::Unauthenticated, "expected metadata \"authorization: Bearer TOKEN\""));
  EXPECT_EQ(service.started, 0);
}

class RateLimitTest : public InterceptorFixture {};

TEST_F(RateLimitTest, AdmitsABurstAndThenTheRate) {
  RateLimit limit(2, 3);
  serve({&limit});
  for (int i = 0; i < 3; ++i) EXPECT_EQ(call(), Status()) << i;
  EXPECT_EQ(call(), Status(StatusCode::ResourceExhausted, "too many calls a second"));
  clock.advance(499ms);
  EXPECT_EQ(call().code(), StatusCode::ResourceExhausted);
  clock.advance(1ms);
  EXPECT_EQ(call(), Status());
  EXPECT_EQ(call().code(), StatusCode::ResourceExhausted);
}

TEST_F(RateLimitTest, SavesNoMoreThanTheBurst) {
  RateLimit limit(1000, 2);
  serve({&limit});
  EXPECT_EQ(call(), Status());
  clock.advance(1h);
  EXPECT_EQ(call(), Status());
  EXPECT_EQ(call(), Status());
  EXPECT_EQ(call().code(), StatusCode::ResourceExhausted);
}

class CatchExceptionsTest : public InterceptorFixture {
 protected:
  CatchExceptions catcher{[this](std::string_view path, std::exception_ptr thrown) {
    try {
      std::rethrow_exception(thrown);
    } catch (const std::exception& exception) {
      heard.push_back(std::string(path) + ": " + exception.what());
    }
  }};
  std::vector<std::string> heard;
};

TEST_F(CatchExceptionsTest, EndsTheCallAndTellsTheSinkAlone) {
  service.handler = [](ServerCall& one) -> Task<void> {
    co_await one.read();
    throw std::runtime_error("password is 123");
  };
  serve({&catcher});
  EXPECT_EQ(call(), Status(StatusCode::Internal, "the handler failed"));
  EXPECT_THAT(heard, ElementsAre("/test.Raw/Call: password is 123"));
}

TEST_F(CatchExceptionsTest, LeavesAFinishedCallAlone) {
  service.handler = [](ServerCall& one) -> Task<void> {
    co_await one.finish(Status(StatusCode::NotFound, "no"));
    throw std::runtime_error("late");
  };
  serve({&catcher});
  EXPECT_EQ(call(), Status(StatusCode::NotFound, "no"));
  EXPECT_THAT(heard, ElementsAre("/test.Raw/Call: late"));
}

}  // namespace
}  // namespace sluice::rpc::testing
