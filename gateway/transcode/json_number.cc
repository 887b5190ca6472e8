// Fast paths for the numbers that people send, exact general ways for the rest.
#include "gateway/transcode/json_number.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>

namespace sluice::gateway {
namespace {

bool is_digit(char c) { return static_cast<unsigned char>(c - '0') < 10; }

constexpr std::uint64_t kExactInFloat = std::uint64_t{1} << 24;

// The number behind the 'e', held within what adds up without overflow.
std::int64_t exponent_of(std::string_view text) {
  constexpr std::int64_t kHuge = 1'000'000'000'000;
  const bool negative = text[0] == '-';
  if (negative || text[0] == '+') text.remove_prefix(1);
  std::int64_t value = 0;
  for (const char c : text) value = value < kHuge ? value * 10 + (c - '0') : value;
  return negative ? -value : value;
}

// The parts of a number: digits without the point, and the power of ten of the last one.
class Decimal {
 public:
  explicit Decimal(std::string_view token) {
    std::size_t i = token[0] == '-' ? 1 : 0;
    for (; i < token.size() && is_digit(token[i]); ++i) add(token[i]);
    if (i < token.size() && token[i] == '.') {
      for (++i; i < token.size() && is_digit(token[i]); ++i) {
        add(token[i]);
        --exponent_;
      }
    }
    if (i < token.size()) exponent_ += exponent_of(token.substr(i + 1));
  }

  NumberFault integer(std::uint64_t& magnitude) const {
    magnitude = magnitude_;
    if (magnitude_ == 0 && !overflow_) return NumberFault::None;
    const std::int64_t exponent = exponent_ + trailing_zeros_;
    if (exponent < 0) return NumberFault::NotIntegral;
    if (overflow_ || exponent > 19) return NumberFault::Range;
    for (std::int64_t i = 0; i < exponent; ++i) {
      if (__builtin_mul_overflow(magnitude, std::uint64_t{10}, &magnitude)) return NumberFault::Range;
    }
    return NumberFault::None;
  }

 private:
  // Zeros are kept back until another digit comes, so that 1000.000 and 1.000e3 need no more room than 1.
  void add(char digit) {
    if (digit == '0') {
      if (magnitude_ != 0) ++trailing_zeros_;
      return;
    }
    for (; trailing_zeros_ > 0 && !overflow_; --trailing_zeros_) multiply_add(0);
    trailing_zeros_ = 0;
    multiply_add(static_cast<unsigned>(digit - '0'));
  }
  void multiply_add(unsigned digit) {
    overflow_ = overflow_ || __builtin_mul_overflow(magnitude_, std::uint64_t{10}, &magnitude_) ||
                __builtin_add_overflow(magnitude_, std::uint64_t{digit}, &magnitude_);
  }
  std::uint64_t magnitude_ = 0;
  std::int64_t trailing_zeros_ = 0;
  std::int64_t exponent_ = 0;
  bool overflow_ = false;
};

// The power of ten of the first digit that is not zero.
std::int64_t decimal_magnitude(std::string_view token) {
  const std::size_t mark = std::min(token.find_first_of("eE"), token.size());
  const std::string_view digits = token.substr(0, mark);
  const auto point = static_cast<std::int64_t>(std::min(digits.find('.'), digits.size()));
  const auto first = static_cast<std::int64_t>(std::min(digits.find_first_of("123456789"), digits.size()));
  const std::int64_t exponent = mark < token.size() ? exponent_of(token.substr(mark + 1)) : 0;
  return exponent + point - first;
}

// from_chars reports values below the smallest one as it reports those above the largest.
template <class Float>
NumberFault parse_general(std::string_view token, Float& value) {
  const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), value);
  if (error == std::errc()) return NumberFault::None;
  if (decimal_magnitude(token) > 0) return NumberFault::Range;
  value = token[0] == '-' ? Float(-0.0) : Float(0);
  return NumberFault::None;
}

constexpr auto kPairs = [] {
  struct {
    char text[200];
  } pairs{};
  for (int i = 0; i < 100; ++i) {
    pairs.text[2 * i] = static_cast<char>('0' + i / 10);
    pairs.text[2 * i + 1] = static_cast<char>('0' + i % 10);
  }
  return pairs;
}();

struct SmallNumber {
  char text[3];
  std::uint8_t size;
};

constexpr auto kSmall = [] {
  std::array<SmallNumber, 1000> numbers{};
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    SmallNumber& number = numbers[i];
    if (i >= 100) number.text[number.size++] = static_cast<char>('0' + i / 100);
    if (i >= 10) number.text[number.size++] = static_cast<char>('0' + i / 10 % 10);
    number.text[number.size++] = static_cast<char>('0' + i % 10);
  }
  return numbers;
}();

// The characters of a fraction of so many hundredths, with the point.
constexpr auto kPlaces = [] {
  std::array<std::uint8_t, 100> places{};
  for (std::size_t i = 1; i < 100; ++i) places[i] = i % 10 == 0 ? 2 : 3;
  return places;
}();

// Eight digits, one a byte in memory order: the halves, then the pairs, then the digits of all at once. The products
// are the quotients by 100 (below 10000) and by 10 (below 100).
std::uint64_t eight_digits(std::uint64_t below_1e8) {
  const std::uint64_t halves = below_1e8 / 10000 | (below_1e8 % 10000) << 32;
  const std::uint64_t hundreds = (halves * 10486 >> 20) & 0x0000007F0000007Fu;
  const std::uint64_t pairs = hundreds | (halves - hundreds * 100) << 16;
  const std::uint64_t tens = (pairs * 103 >> 10) & 0x000F000F000F000Fu;
  return tens | (pairs - tens * 10) << 8;
}

constexpr std::uint64_t kEightZeros = 0x3030303030303030u;

// At most two decimal places: prices, rates. When hundredths / 100 is the value, its text reads back as the value, and
// at fifteen digits no other decimal of as many digits does.
char* print_hundredths(double value, char* to) {
  constexpr double kMost = 1e13;
  const double magnitude = std::fabs(value);
  if (!(magnitude < kMost)) return nullptr;
  const auto hundredths = static_cast<std::uint64_t>(magnitude * 100 + 0.5);
  if (static_cast<double>(hundredths) / 100 != magnitude) return nullptr;
  const std::uint64_t rest = hundredths % 100;
  to = print_integer(hundredths / 100, std::signbit(value), to);
  *to = '.';
  std::memcpy(to + 1, kPairs.text + 2 * rest, 2);
  return to + kPlaces[rest];
}

// Plain digits where they stay short, else the shorter of both forms.
template <class Float>
char* print_general(Float value, char* to) {
  const Float magnitude = std::fabs(value);
  const bool plain = magnitude >= Float(1e-5) && magnitude < Float(1e15);
  const auto format = plain ? std::chars_format::fixed : std::chars_format::scientific;
  return std::to_chars(to, to + kNumberBytes, value, format).ptr;
}

}  // namespace

const char* find_number_end(const char* at, const char* end) {
  if (at != end && *at == '-') ++at;
  if (at == end || !is_digit(*at)) return nullptr;
  if (*at == '0') {
    ++at;
  } else {
    while (at != end && is_digit(*at)) ++at;
  }
  if (at != end && *at == '.') {
    ++at;
    if (at == end || !is_digit(*at)) return nullptr;
    while (at != end && is_digit(*at)) ++at;
  }
  if (at != end && (*at | 0x20) == 'e') {
    ++at;
    if (at != end && (*at == '+' || *at == '-')) ++at;
    if (at == end || !is_digit(*at)) return nullptr;
    while (at != end && is_digit(*at)) ++at;
  }
  return at;
}

NumberFault parse_integer(std::string_view token, Integer& value) {
  if (!is_number(token)) return NumberFault::Syntax;
  value.negative = token[0] == '-';
  return Decimal(token).integer(value.magnitude);
}

bool integer_bits(Kind kind, const Integer& value, std::uint64_t& bits) {
  std::uint64_t most = 0;
  bool is_signed = false;
  switch (kind) {
    case Kind::Int32:
    case Kind::Sint32:
    case Kind::Sfixed32:
    case Kind::Enum:
      most = std::numeric_limits<std::int32_t>::max();
      is_signed = true;
      break;
    case Kind::Int64:
    case Kind::Sint64:
    case Kind::Sfixed64:
      most = std::numeric_limits<std::int64_t>::max();
      is_signed = true;
      break;
    case Kind::Uint32:
    case Kind::Fixed32:
      most = std::numeric_limits<std::uint32_t>::max();
      break;
    default:
      most = std::numeric_limits<std::uint64_t>::max();
      break;
  }
  bits = value.negative ? 0 - value.magnitude : value.magnitude;
  if (!value.negative) return value.magnitude <= most;
  return is_signed ? value.magnitude <= most + 1 : value.magnitude == 0;
}

NumberFault parse_double(std::string_view number, double& value) { return parse_general(number, value); }

NumberFault parse_float(std::string_view number, float& value) { return parse_general(number, value); }

bool is_number(std::string_view text) {
  const char* const end = text.data() + text.size();
  return find_number_end(text.data(), end) == end;
}

char* print_double(double value, char* to) {
  if (char* const end = print_hundredths(value, to); end != nullptr) return end;
  return print_general(value, to);
}

char* print_float(float value, char* to) {
  const float magnitude = std::fabs(value);
  if (magnitude < kExactInFloat && magnitude == std::trunc(magnitude)) {
    return print_integer(static_cast<std::uint64_t>(magnitude), std::signbit(value), to);
  }
  return print_general(value, to);
}

// Numbers below a thousand are in a table. Of others eight digits are made, and stored from the first that is not zero:
// the length decides no branch.
char* print_integer(std::uint64_t magnitude, bool negative, char* to) {
  constexpr std::uint64_t kEightDigits = 100'000'000;
  *to = '-';
  to += negative ? 1 : 0;
  if (magnitude < kSmall.size()) {
    const SmallNumber& small = kSmall[magnitude];
    std::memcpy(to, small.text, sizeof small.text);
    return to + small.size;
  }
  if (magnitude >= kEightDigits) {
    to = print_integer(magnitude / kEightDigits, false, to);
    const std::uint64_t text = eight_digits(magnitude % kEightDigits) | kEightZeros;
    std::memcpy(to, &text, sizeof text);
    return to + sizeof text;
  }
  const std::uint64_t digits = eight_digits(magnitude);
  constexpr std::uint64_t kLastDigit = std::uint64_t{1} << 56;
  const int zeros = std::countr_zero(digits | kLastDigit) / 8;
  const std::uint64_t text = (digits | kEightZeros) >> (8 * zeros);
  std::memcpy(to, &text, sizeof text);
  return to + sizeof text - zeros;
}

}  // namespace sluice::gateway
