// The headers that limit a request's time.
#include "gateway/protocol/request_deadline.h"

#include <gtest/gtest.h>

#include "tests/support/print_status.h"

namespace sluice::gateway {
namespace {

using namespace std::chrono_literals;

struct Case {
  const char* name;
  Headers headers;
  std::optional<rpc::Duration> timeout;
};

TEST(RequestDeadline, IsTheSmallerOfWhatTheClientAsksFor) {
  const Case cases[] = {
      {"None", {}, 30s},
      {"Grpc", {{"grpc-timeout", "250m"}}, 250ms},
      {"GrpcLongerThanDefault", {{"Grpc-Timeout", "2H"}}, 2h},
      {"GrpcZero", {{"grpc-timeout", "0n"}}, 0ns},
      {"Seconds", {{"X-Request-Timeout", "90"}}, 90s},
      {"Decimals", {{"x-request-timeout", "1.5"}}, 1500ms},
      {"NoLeadingDigit", {{"x-request-timeout", ".5"}}, 500ms},
      {"RoundedUp", {{"x-request-timeout", "0.0000000001"}}, 1ns},
      {"Zero", {{"x-request-timeout", "0"}}, 0s},
      {"Enormous", {{"x-request-timeout", "99999999999999999999"}}, 9000000000s},
      {"FirstIsSmaller", {{"grpc-timeout", "1S"}, {"x-request-timeout", "2"}}, 1s},
      {"SecondIsSmaller", {{"grpc-timeout", "3S"}, {"x-request-timeout", "2"}}, 2s},
      {"SeveralOfAName", {{"grpc-timeout", "3S"}, {"Grpc-Timeout", "1S"}, {"x-request-timeout", "2"}}, 1s},
  };
  for (const Case& one : cases) {
    const auto timeout = request_timeout(one.headers, {30s});
    ASSERT_TRUE(timeout) << one.name << ": " << timeout.error().to_string();
    EXPECT_EQ(*timeout, one.timeout) << one.name;
  }
  EXPECT_EQ(*request_timeout({}, {}), std::nullopt);
}

TEST(RequestDeadline, StaysWithinTheLimitOfTheRoute) {
  EXPECT_EQ(*request_timeout({}, {5s, true}), 5s);
  EXPECT_EQ(*request_timeout({{"grpc-timeout", "9S"}}, {5s, true}), 5s);
  EXPECT_EQ(*request_timeout({{"grpc-timeout", "9S"}, {"x-request-timeout", "2"}}, {5s, true}), 2s);
  EXPECT_EQ(*request_timeout({{"grpc-timeout", "9S"}}, {std::nullopt, true}), 9s);
}

TEST(RequestDeadline, RefusesMalformedValues) {
  for (const char* value : {"", "-1", "+1", "1e3", "0x1", "1.2.3", ".", "1,5", "1s", " 1", "inf", "nan"}) {
    const auto timeout = request_timeout({{"x-request-timeout", value}}, {});
    ASSERT_FALSE(timeout) << value;
    EXPECT_EQ(timeout.error(),
              rpc::Status(rpc::StatusCode::InvalidArgument,
                          std::string("X-Request-Timeout: expected seconds such as 1.5, got \"") + value + "\""));
  }
  for (const char* value : {"", "1", "S", "-1S", "123456789S", "1s", "1.5S"}) {
    const auto timeout = request_timeout({{"grpc-timeout", value}}, {});
    ASSERT_FALSE(timeout) << value;
    EXPECT_EQ(
        timeout.error(),
        rpc::Status(rpc::StatusCode::InvalidArgument,
                    std::string("grpc-timeout: expected up to 8 digits and a unit of HMSmun, got \"") + value + "\""));
  }
  EXPECT_FALSE(request_timeout({{"grpc-timeout", "1S"}, {"grpc-timeout", "soon"}}, {}));
}

}  // namespace
}  // namespace sluice::gateway
