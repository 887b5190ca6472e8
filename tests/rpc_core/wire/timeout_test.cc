// The grpc-timeout header.
#include "rpc_core/wire/timeout.h"

#include <gtest/gtest.h>

#include <string>

namespace sluice::rpc {
namespace {

using namespace std::chrono_literals;

TEST(Timeout, HasFourDigitsThatCountAndTheCoarsestUnitForThem) {
  struct Case {
    Duration time;
    const char* text;
  };
  const Case kCases[] = {
      {0ns, "0n"},
      {-5s, "0n"},
      {1ns, "1n"},
      {9'999ns, "9999n"},
      {10'000ns, "10u"},
      {10'001ns, "10010n"},
      {99'999'999ns, "100m"},
      {100ms, "100m"},
      {100'000'001ns, "100100u"},
      {1'234'567'890ns, "1235m"},
      {99'999'999us, "100S"},
      {30s, "30S"},
      {30s - 1ns, "30S"},
      {30s - 9'999'999ns, "30S"},
      {30s - 10ms, "29990m"},
      {30s + 1ns, "30010m"},
      {100s, "100S"},
      {99'999'999ms + 1ns, "100000S"},
      {28h, "100800S"},
      {27'000h, "97200000S"},
      {28'000h, "1680000M"},
  };
  for (const Case& each : kCases) EXPECT_EQ(format_timeout(each.time), each.text);
  EXPECT_EQ(format_timeout(Duration::max()), "2562223H");
}

TEST(Timeout, IsNeverShortenedByItsForm) {
  for (std::int64_t ns = 1; ns < std::int64_t{1} << 60; ns = ns * 3 + 1) {
    const auto parsed = parse_timeout(format_timeout(Duration(ns)));
    ASSERT_TRUE(parsed);
    EXPECT_GE(*parsed, Duration(ns));
    EXPECT_LE(*parsed - Duration(ns), Duration(ns / 1000 + 1));
  }
}

TEST(Timeout, ReadsEveryUnit) {
  EXPECT_EQ(parse_timeout("0n"), 0ns);
  EXPECT_EQ(parse_timeout("7n"), 7ns);
  EXPECT_EQ(parse_timeout("7u"), 7us);
  EXPECT_EQ(parse_timeout("7m"), 7ms);
  EXPECT_EQ(parse_timeout("7S"), 7s);
  EXPECT_EQ(parse_timeout("7M"), 7min);
  EXPECT_EQ(parse_timeout("7H"), 7h);
  EXPECT_EQ(parse_timeout("00000007H"), 7h);
  EXPECT_EQ(parse_timeout("99999999H"), Duration::max());
}

TEST(Timeout, RejectsEverythingElse) {
  for (const char* text : {"", "n", "5", "5s", "5h", "123456789n", "-5n", "+5n", " 5n", "5 n", "5nn", "1.5S", "0x5n"}) {
    EXPECT_EQ(parse_timeout(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace sluice::rpc
