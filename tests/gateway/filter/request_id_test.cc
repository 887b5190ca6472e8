// Identifiers: which are taken over, how new ones look, and where they are shown.
#include "gateway/filter/request_id.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "tests/gateway/filter/function_handler.h"
#include "tests/gateway/protocol/fake_http.h"
#include "tests/support/loop_fixture.h"

namespace sluice::gateway {
namespace {

UuidSource source_at(std::uint64_t milliseconds) {
  return UuidSource([milliseconds] { return milliseconds; }, 42);
}

TEST(UuidSource, StartsWithTheTimeAndShowsVersionAndVariant) {
  // 2022-02-22T19:22:22Z, the time of RFC 9562's example.
  UuidSource source = source_at(0x017F22E279B0);
  for (int i = 0; i < 100; ++i) {
    EXPECT_THAT(std::string(source.next()),
                testing::MatchesRegex("017f22e2-79b0-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
  }
}

TEST(UuidSource, NeverRepeatsItself) {
  UuidSource source = source_at(1);
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(std::string(source.next()));
  EXPECT_EQ(seen.size(), 1000U);
}

class RequestIdTest : public rpc::testing::LoopFixture {
 protected:
  // What the handler sees of a request that brought this field.
  std::string seen_with(std::optional<std::string> field, bool streamed = false) {
    std::string seen;
    FunctionHandler next([&](Request& request, Responder& out) -> rpc::Task<void> {
      seen = request.context().request_id;
      if (streamed) {
        co_await out.begin(ResponseHead(200));
        co_await out.end();
      } else {
        co_await out.send(Response(200));
      }
    });
    RequestId filter(next, source_at(0x017F22E279B0));
    FakeRequest request(loop, "GET", "/");
    if (field) request.head().headers.add("x-request-id", *field);
    rpc::testing::Started<void> handling(filter.handle(request, responder));
    loop.poll();
    handling.get();
    return seen;
  }

  FakeResponder responder;
};

TEST_F(RequestIdTest, TakesOverWhatTheClientSent) {
  EXPECT_EQ(seen_with("abc-123"), "abc-123");
  EXPECT_EQ(responder.header("X-Request-Id"), "abc-123");
}

TEST_F(RequestIdTest, MakesOneOtherwise) {
  const std::string made = seen_with(std::nullopt);
  EXPECT_THAT(made, testing::StartsWith("017f22e2-79b0-7"));
  EXPECT_EQ(responder.header("X-Request-Id"), made);
}

TEST_F(RequestIdTest, LabelsStreamsToo) {
  EXPECT_EQ(seen_with("abc", true), "abc");
  EXPECT_EQ(responder.header("X-Request-Id"), "abc");
}

TEST_F(RequestIdTest, ReplacesWhatNoLogCouldShow) {
  for (const std::string& bad :
       {std::string(), std::string("a b"), std::string("a\tb"), std::string("\xC3\xA4"), std::string(129, 'a')}) {
    EXPECT_THAT(seen_with(bad), testing::StartsWith("017f22e2")) << bad;
  }
  EXPECT_EQ(seen_with(std::string(128, 'a')), std::string(128, 'a'));
}

}  // namespace
}  // namespace sluice::gateway
