// Random scalars: edges, numbers of every magnitude, and text with what JSON has to escape.
#include <cmath>
#include <cstdint>
#include <iterator>
#include <limits>
#include <string>

#include "tests/gateway/transcode/random_messages.h"

namespace sluice::gateway {

std::uint64_t RandomMessages::bits() {
  switch (number(0, 4)) {
    case 0:
      return static_cast<std::uint64_t>(number(0, 2));
    case 1:
      return std::uint64_t{0} - static_cast<std::uint64_t>(number(0, 2));
    case 2:
      return (std::uint64_t{1} << number(0, 63)) - static_cast<std::uint64_t>(number(0, 1));
    default:
      return random_() >> number(0, 63);
  }
}

double RandomMessages::real() {
  constexpr double kEdges[] = {0.0,

                               1e15,
                               1e16,
                               123456.78,
                               0.1,
                               1e-5,
                               3.4028234e38,
                               1.17549435e-38,
                               std::numeric_limits<float>::denorm_min(),
                               std::numeric_limits<double>::quiet_NaN(),
                               std::numeric_limits<double>::infinity(),
                               -std::numeric_limits<double>::infinity()};
  if (chance(25)) return kEdges[number(0, std::size(kEdges) - 1)];
  if (chance(50)) return static_cast<double>(number(-10000000, 10000000)) / 100;
  return std::uniform_real_distribution<double>(-1, 1)(random_) * std::pow(10.0, static_cast<double>(number(-30, 30)));
}

std::string RandomMessages::text() {
  constexpr const char* kPieces[] = {
      "a",   "word ", "\"", "\\", "\n", "\x01", "\x7F", "ä", "€", "😀", "\xE2\x80\xA8", "/", "0123456789abcdef",
      "<b>", "z",     "\t"};
  std::string out;
  for (std::int64_t i = chance(5) ? number(20, 200) : number(0, 6); i > 0; --i) out += kPieces[number(0, 15)];
  return out;
}

}  // namespace sluice::gateway
