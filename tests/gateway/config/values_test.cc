// Durations, sizes, counts and addresses: what is taken, what is refused, and that printing is the opposite.
#include "gateway/config/values.h"

#include <gtest/gtest.h>

#include <array>
#include <limits>

namespace sluice::gateway {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

TEST(Values, ParseDurationsAndPrintThemInTheLargestUnit) {
  struct Case {
    std::string_view text;
    rpc::Duration value;
    std::string printed;
  };
  const std::array cases = {
      Case{"250ms", milliseconds(250), "250ms"},
      Case{"3s", seconds(3), "3s"},
      Case{"5m", minutes(5), "5m"},
      Case{"2h", hours(2), "2h"},
      Case{"1000ms", seconds(1), "1s"},
      Case{"90s", seconds(90), "90s"},
      Case{"60s", minutes(1), "1m"},
      Case{"0s", seconds(0), "0s"},
      Case{"0ms", seconds(0), "0s"},
  };
  for (const Case& c : cases) {
    const auto value = parse_duration(c.text);
    ASSERT_TRUE(value) << c.text;
    EXPECT_EQ(*value, c.value) << c.text;
    EXPECT_EQ(print_duration(*value), c.printed);
  }
}

TEST(Values, RefuseWhatIsNoDuration) {
  for (const std::string_view text : {"", "3", "s", "3 s", " 3s", "3s ", "-3s", "+3s", "1.5s", "3S", "3sec", "3us",
                                      "0x3s", "9223372036855ms", "99999999999999999999s", "2562047788015216h"}) {
    const auto value = parse_duration(text);
    ASSERT_FALSE(value) << text;
    EXPECT_EQ(value.error().expected, "a duration such as 250ms, 3s or 5m");
  }
}

TEST(Values, ParseSizesAndPrintThemInTheLargestUnit) {
  struct Case {
    std::string_view text;
    std::size_t value;
    std::string printed;
  };
  const std::array cases = {
      Case{"4096", 4096, "4KiB"},          Case{"64KiB", 65536, "64KiB"}, Case{"4MiB", 4194304, "4MiB"},
      Case{"1GiB", 1073741824, "1GiB"},    Case{"1000", 1000, "1000"},    Case{"0", 0, "0"},
      Case{"1536KiB", 1572864, "1536KiB"},
  };
  for (const Case& c : cases) {
    const auto value = parse_size(c.text);
    ASSERT_TRUE(value) << c.text;
    EXPECT_EQ(*value, c.value) << c.text;
    EXPECT_EQ(print_size(*value), c.printed);
  }
}

TEST(Values, RefuseWhatIsNoSize) {
  for (const std::string_view text :
       {"", "KiB", "4 KiB", "4kb", "4KB", "4M", "-1", "1.5MiB", "4MiB ", "18446744073709551616", "17179869184GiB"}) {
    const auto value = parse_size(text);
    ASSERT_FALSE(value) << text;
    EXPECT_EQ(value.error().expected, "a size such as 4096, 64KiB or 4MiB");
  }
}

TEST(Values, ParseCounts) {
  EXPECT_EQ(parse_count("0").value(), 0u);
  EXPECT_EQ(parse_count("65536").value(), 65536u);
  EXPECT_EQ(parse_count("18446744073709551615").value(), std::numeric_limits<std::size_t>::max());
  for (const std::string_view text : {"", "-1", "+1", "1.0", "1e3", "0x10", " 1", "1 ", "18446744073709551616"}) {
    EXPECT_FALSE(parse_count(text)) << text;
  }
}

TEST(Values, ParseBools) {
  EXPECT_TRUE(parse_bool("true").value());
  EXPECT_FALSE(parse_bool("false").value());
  for (const std::string_view text : {"", "True", "yes", "1", "on"}) EXPECT_FALSE(parse_bool(text)) << text;
  EXPECT_EQ(print_bool(true), "true");
  EXPECT_EQ(print_bool(false), "false");
}

TEST(Values, ParseAddressesToListenOn) {
  struct Case {
    std::string_view text;
    std::string printed;
  };
  const std::array cases = {
      Case{"127.0.0.1:0", "127.0.0.1:0"},
      Case{"[::1]:8080", "[::1]:8080"},
      Case{"localhost:80", "127.0.0.1:80"},
      Case{"unix:/run/sluice.sock", "unix:/run/sluice.sock"},
  };
  for (const Case& c : cases) {
    const auto endpoint = parse_listen_address(c.text);
    ASSERT_TRUE(endpoint) << c.text;
    EXPECT_EQ(endpoint->to_string(), c.printed);
  }
  for (const std::string_view text : {"", "8080", ":8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "::1:80",
                                      "example.com:80", "1.2.3:80", "http://127.0.0.1:80", "unix:"}) {
    EXPECT_FALSE(parse_listen_address(text)) << text;
  }
}

TEST(Values, ParseTargetsOfBackends) {
  for (const std::string_view text : {"localhost:9090", "dns:///books.internal:443", "127.0.0.1:1", "[::1]:9090",
                                      "ipv4:10.0.0.1:80", "unix:/run/books.sock", "unix:///run/books.sock"}) {
    const auto target = parse_backend_target(text);
    ASSERT_TRUE(target) << text;
    EXPECT_EQ(*target, text);
  }
  for (const std::string_view text : {"", "localhost", "localhost:0", "localhost:http", "http://localhost:9090",
                                      "dns:///localhost", ":9090", "::1:9090"}) {
    const auto target = parse_backend_target(text);
    ASSERT_FALSE(target) << text;
    EXPECT_EQ(target.error().expected, "host:port, dns:///host:port or unix:/path");
  }
}

TEST(Values, ParseRatiosAndPrintThemBack) {
  for (const std::string_view text : {"0", "1", "0.05", "0.5"}) {
    const auto value = parse_ratio(text);
    ASSERT_TRUE(value) << text;
    EXPECT_EQ(print_ratio(*value), text);
  }
  for (const std::string_view text : {"", "-0.1", "1.1", "2", "nan", "inf", "half", "0.5 ", "1e-3"}) {
    const auto value = parse_ratio(text);
    ASSERT_FALSE(value) << text;
    EXPECT_EQ(value.error().expected, "a number from 0 to 1");
  }
}

}  // namespace
}  // namespace sluice::gateway
