// JSON numbers: the quick ways against the standard library, at every length and every distance from the text's end.
#include "gateway/transcode/json_number.h"

#include <gtest/gtest.h>

#include <bit>
#include <charconv>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

namespace sluice::gateway {
namespace {

constexpr const char* kBehind[] = {"", ",", "}]", ",\"next\":12345678", "          ", ".5", "e1", "E1", "x234567890"};

// Every power of ten with its neighbours.
std::vector<std::uint64_t> edges() {
  std::vector<std::uint64_t> values{0, 1, ~std::uint64_t{0}, ~std::uint64_t{0} - 1};
  for (std::uint64_t power = 10; power < 10'000'000'000'000'000'000u; power *= 10) {
    for (const std::uint64_t value : {power - 1, power, power + 1}) values.push_back(value);
  }
  return values;
}

std::string printed(std::uint64_t magnitude, bool negative) {
  char text[kNumberBytes];
  return std::string(text, print_integer(magnitude, negative, text));
}

std::string printed(double value) {
  char text[kNumberBytes];
  return std::string(text, print_double(value, text));
}

TEST(JsonNumber, PrintsIntegersOfEveryLength) {
  for (const std::uint64_t value : edges()) {
    EXPECT_EQ(printed(value, false), std::to_string(value));
    EXPECT_EQ(printed(value, true), "-" + std::to_string(value));
  }
  std::mt19937_64 random(7);
  for (int i = 0; i < 20000; ++i) {
    const std::uint64_t value = random() >> (random() % 64);
    ASSERT_EQ(printed(value, false), std::to_string(value));
  }
}

// Where it declines, the general way decides; where it does not, the value and the end are right.
TEST(JsonNumber, ReadsPlainIntegersWhateverFollows) {
  for (const std::uint64_t value : edges()) {
    for (const char* behind : kBehind) {
      const std::string number = std::to_string(value);
      const std::string text = number + behind;
      const bool plain = number.size() <= 18 && *behind != '\0' && *behind != '.' && (*behind | 0x20) != 'e';
      Integer read;
      const char* const end = read_plain_integer(text.data(), text.data() + text.size(), read);
      ASSERT_EQ(end, plain ? text.data() + number.size() : nullptr) << text;
      if (plain) {
        EXPECT_EQ(read.magnitude, value) << text;
      }
    }
  }
}

TEST(JsonNumber, DeclinesIntegersThatAreNone) {
  for (const std::string text :
       {"", "-", "x", "01,       ", "00       ", "-01,", " 1       ", "/1234567,", ":1234567,"}) {
    Integer read;
    EXPECT_EQ(read_plain_integer(text.data(), text.data() + text.size(), read), nullptr) << text;
  }
}

TEST(JsonNumber, ReadsPlainDecimalsAsTheNearestDouble) {
  std::mt19937_64 random(11);
  for (int i = 0; i < 50000; ++i) {
    std::string number = std::to_string(random() % std::uint64_t{1'000'000'000} >> (random() % 30));
    const std::size_t places = random() % 8;
    if (places > 0) number += "." + std::to_string(random() % 1'000'000'0 + 10'000'000).substr(1, places);
    if (random() % 2 == 0) number.insert(0, "-");
    const std::string text = number + kBehind[random() % std::size(kBehind)];
    double value = 0;
    const char* const end = read_plain_decimal(text.data(), text.data() + text.size(), value);
    if (end == nullptr) continue;
    const std::string_view taken(text.data(), end);
    ASSERT_TRUE(is_number(taken)) << text;
    ASSERT_EQ(value, std::strtod(std::string(taken).c_str(), nullptr)) << text;
    ASSERT_NE(*end | 0x20, 'e') << text;
  }
}

TEST(JsonNumber, DeclinesDecimalsThatAreNone) {
  for (const std::string text : {"1.,      ", "01.5,    ", ".5       ", "1.5e1    ", "1.5", "-", "1.x      "}) {
    double value = 0;
    EXPECT_EQ(read_plain_decimal(text.data(), text.data() + text.size(), value), nullptr) << text;
  }
}

TEST(JsonNumber, PrintsDoublesThatReadBack) {
  EXPECT_EQ(printed(0.0), "0");
  EXPECT_EQ(printed(-0.0), "-0");
  EXPECT_EQ(printed(12.5), "12.5");
  EXPECT_EQ(printed(12.05), "12.05");
  EXPECT_EQ(printed(-99999999.99), "-99999999.99");
  EXPECT_EQ(printed(1e100), "1e+100");
  std::mt19937_64 random(13);
  for (int i = 0; i < 50000; ++i) {
    const double price = static_cast<double>(static_cast<std::int64_t>(random() >> (random() % 63 + 1))) / 100;
    const double any = std::bit_cast<double>(random());
    for (const double value : {price, -price, any}) {
      if (value - value != 0) continue;  // NaN and infinities have no number
      const std::string text = printed(value);
      ASSERT_TRUE(is_number(text)) << text;
      ASSERT_EQ(std::strtod(text.c_str(), nullptr), value) << text;
      char shortest[64];
      const auto [end, error] =
          std::to_chars(shortest, shortest + sizeof shortest, value, std::chars_format::scientific);
      ASSERT_EQ(error, std::errc());
      const auto digits = [](std::string_view number) {
        std::string found;
        for (const char c : number.substr(0, number.find('e'))) found += c >= '0' && c <= '9' ? std::string(1, c) : "";
        found.erase(0, found.find_first_not_of('0'));
        return found.substr(0, found.find_last_not_of('0') + 1);
      };
      ASSERT_EQ(digits(text), digits({shortest, end})) << text;
    }
  }
}

}  // namespace
}  // namespace sluice::gateway
