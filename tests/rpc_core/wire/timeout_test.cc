// The grpc-timeout header.
#include "rpc_core/wire/timeout.h"

#include <gtest/gtest.h>

#include <string>

namespace sluice::rpc {
namespace {

using namespace std::chrono_literals;

TEST(Timeout, IsWrittenInTheFinestUnitThatFits) {
  struct Case {
    Duration time;
    const char* text;
  };
  const Case kCases[] = {
      {0ns, "0n"},
      {-5s, "0n"},
      {1ns, "1n"},
      {99'999'999ns, "99999999n"},
      {100'000'000ns, "100000u"},
      {100'000'001ns, "100001u"},
      {99'999'999us, "99999999u"},
      {100s, "100000m"},
      {99'999'999ms + 1ns, "100000S"},
      {28h, "100800S"},
  };
  for (const Case& each : kCases) EXPECT_EQ(format_timeout(each.time), each.text);
  EXPECT_EQ(format_timeout(Duration::max()), "2562048H");
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
