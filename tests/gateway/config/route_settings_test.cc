// What one set of settings takes from another.
#include "gateway/config/route_settings.h"

#include <gtest/gtest.h>

namespace sluice::gateway {
namespace {

TEST(RouteSettings, TakeWhatTheOverridingOnesHave) {
  RouteSettings base;
  base.timeout = std::chrono::seconds(3);
  base.max_request_bytes = 7;
  base.error_format = ErrorFormat::Google;
  RouteSettings over;
  over.timeout.emplace(std::nullopt);
  over.max_response_bytes = 8;
  over.json_always_print = false;
  over.json_enums_as_ints = true;
  over.json_proto_names = true;
  over.json_pretty = true;
  over.forward_headers = {"x-*"};
  over.stream_timeout.emplace(std::chrono::seconds(4));
  over.return_headers = {"x-a", "x-b"};
  over.withhold_headers.emplace();
  base.override_by(over);
  ASSERT_TRUE(base.timeout);
  EXPECT_EQ(*base.timeout, std::nullopt);
  EXPECT_EQ(base.max_request_bytes, 7u);
  EXPECT_EQ(base.max_response_bytes, 8u);
  EXPECT_EQ(base.json_always_print, false);
  EXPECT_EQ(base.json_enums_as_ints, true);
  EXPECT_EQ(base.json_proto_names, true);
  EXPECT_EQ(base.json_pretty, true);
  EXPECT_EQ(base.error_format, ErrorFormat::Google);
  EXPECT_EQ(base.forward_headers->size(), 1u);
  EXPECT_EQ(**base.stream_timeout, std::chrono::seconds(4));
  EXPECT_EQ(base.return_headers->size(), 2u);
  EXPECT_EQ(base.withhold_headers->size(), 0u);
}

}  // namespace
}  // namespace sluice::gateway
