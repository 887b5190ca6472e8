// JSON numbers: grammar, exact integers, shortest decimals.
#pragma once

#include <cstdint>
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

// An integer of plain digits, the common case: reads it at `at` and returns the place behind, or nullptr when it has a
// leading zero, more than eighteen digits, a fraction or an exponent, or ends the text.
inline const char* read_plain_integer(const char* at, const char* end, Integer& value) {
  value.negative = at != end && *at == '-';
  if (value.negative) ++at;
  const char* const first = at;
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

// The value as the bits that a field of that kind holds, before varint or zigzag; false: out of its range.
bool integer_bits(Kind kind, const Integer& value, std::uint64_t& bits);

// Rounded to nearest; Range when the magnitude is too large for the type.
NumberFault parse_double(std::string_view token, double& value);
NumberFault parse_float(std::string_view token, float& value);

// Room for any of the texts below.
inline constexpr std::size_t kNumberBytes = 32;
// The shortest text that reads back as the same value, at `to`; returns the place behind. Finite values only.
char* print_double(double value, char* to);
char* print_float(float value, char* to);
char* print_integer(std::uint64_t magnitude, bool negative, char* to);

}  // namespace sluice::gateway
