// JSON numbers: grammar, exact integers, shortest decimals.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "gateway/transcode/message_plan.h"

namespace sluice::gateway {

// The end of the number at `at` by RFC 8259 section 6; nullptr when there is none. What follows is not looked at.
const char* find_number_end(const char* at, const char* end);

// An integer of the JSON number `token`, which may have a fraction of zeros or an exponent (1e2, 12.0).
struct Integer {
  bool negative = false;
  std::uint64_t magnitude = 0;
};
enum class NumberFault { None, Syntax, NotIntegral, Range };
NumberFault parse_integer(std::string_view token, Integer& value);

// One to seven digits at a place, found and read without a loop: the length decides no branch.
class DigitRun {
 public:
  DigitRun(const char* at, const char* end) {
    if (end - at < static_cast<std::ptrdiff_t>(sizeof digits_)) return;
    std::memcpy(&digits_, at, sizeof digits_);
    digits_ ^= 0x3030303030303030u;  // a digit is now 0 to 9; what is more has a high half, or gets one from adding 6
    const std::uint64_t others = (digits_ | (digits_ + 0x0606060606060606u)) & 0xF0F0F0F0F0F0F0F0u;
    if (others != 0) size_ = std::countr_zero(others) / 8;
  }
  // False: no digit, eight or more, or too close to the end of the text.
  bool is_whole() const { return size_ != 0; }
  int size() const { return size_; }
  // Pairs, then fours, then the eight; what is missing in front are zeros.
  std::uint64_t value() const {
    constexpr std::uint64_t kFirstOfFour = 0x000000FF000000FFu;
    std::uint64_t word = digits_ << (8 * (8 - size_));
    word = word * 10 + (word >> 8);
    return ((word & kFirstOfFour) * 0x000F424000000064u + (word >> 16 & kFirstOfFour) * 0x0000271000000001u) >> 32;
  }

 private:
  std::uint64_t digits_ = 0;
  int size_ = 0;
};

// An integer of plain digits, the common case: reads it at `at` and returns the place behind, or nullptr when it has a
// leading zero, more than eighteen digits, a fraction or an exponent, or ends the text.
inline const char* read_plain_integer(const char* at, const char* end, Integer& value) {
  value.negative = at != end && *at == '-';
  if (value.negative) ++at;
  const char* const first = at;
  if (const DigitRun run(at, end); run.is_whole()) [[likely]] {
    value.magnitude = run.value();
    at += run.size();
    if (*first == '0' && run.size() > 1) return nullptr;
    return *at == '.' || (*at | 0x20) == 'e' ? nullptr : at;
  }
  std::uint64_t magnitude = 0;
  while (at != end && static_cast<unsigned char>(*at - '0') < 10) {
    magnitude = magnitude * 10 + static_cast<unsigned char>(*at - '0');
    ++at;
  }
  value.magnitude = magnitude;
  const auto digits = at - first;
  if (digits == 0 || digits > 18 || (*first == '0' && digits > 1) || at == end) return nullptr;
  return *at == '.' || (*at | 0x20) == 'e' ? nullptr : at;
}

inline constexpr double kPowersOfTen[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                          1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};

// One to seven digits before the point and one to seven behind it, prices mostly; nullptr for any other.
inline const char* read_short_decimal(const char* at, const char* end, double& value) {
  const DigitRun whole(at, end);
  if (!whole.is_whole() || (*at == '0' && whole.size() > 1)) return nullptr;
  at += whole.size();
  if (*at != '.') return nullptr;
  const DigitRun fraction(at + 1, end);
  if (!fraction.is_whole()) return nullptr;
  at += 1 + fraction.size();
  const double scale = kPowersOfTen[fraction.size()];
  value = (static_cast<double>(whole.value()) * scale + static_cast<double>(fraction.value())) / scale;
  return (*at | 0x20) == 'e' ? nullptr : at;
}

// A decimal of at most fifteen digits without exponent, the common case of prices and measures: reads it at `at` and
// returns the place behind, or nullptr for any other. The quotient of two doubles that hold their values exactly is
// rounded once, so it is the nearest double.
inline const char* read_plain_decimal(const char* at, const char* end, double& value) {
  const bool negative = at != end && *at == '-';
  if (negative) ++at;
  const char* const first = at;
  if (const char* const behind = read_short_decimal(at, end, value); behind != nullptr) [[likely]] {
    if (negative) value = -value;
    return behind;
  }
  std::uint64_t digits = 0;
  const auto read_digits = [&] {
    while (at != end && static_cast<unsigned char>(*at - '0') < 10) {
      digits = digits * 10 + static_cast<unsigned char>(*at - '0');
      ++at;
    }
  };
  read_digits();
  const char* const point = at;
  if (at == first || (*first == '0' && at - first > 1) || at == end) return nullptr;
  std::ptrdiff_t places = 0;
  if (*at == '.') {
    ++at;
    read_digits();
    places = at - point - 1;
    if (places == 0) return nullptr;
  }
  if (at - first > 16 || at == end || (*at | 0x20) == 'e') return nullptr;
  value = static_cast<double>(digits) / kPowersOfTen[places];
  if (negative) value = -value;
  return at;
}

// The value as the bits that a field of that kind holds, before varint or zigzag; false: out of its range.
bool integer_bits(Kind kind, const Integer& value, std::uint64_t& bits);

// Whether all of the text is one JSON number.
bool is_number(std::string_view text);
// The value of what is_number(), rounded to nearest; Range when the magnitude is too large for the type.
NumberFault parse_double(std::string_view number, double& value);
NumberFault parse_float(std::string_view number, float& value);

// Room for any of the texts below.
inline constexpr std::size_t kNumberBytes = 32;
// The shortest text that reads back as the same value, at `to`; returns the place behind. Finite values only.
char* print_double(double value, char* to);
char* print_float(float value, char* to);
char* print_integer(std::uint64_t magnitude, bool negative, char* to);

}  // namespace sluice::gateway
