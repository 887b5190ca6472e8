#include "rpc_core/wire/timeout.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace sluice::rpc {
namespace {

struct Unit {
  char letter;
  std::int64_t nanoseconds;
};
constexpr std::array<Unit, 6> kUnits = {{
    {'n', 1},
    {'u', 1'000},
    {'m', 1'000'000},
    {'S', 1'000'000'000},
    {'M', 60'000'000'000},
    {'H', 3'600'000'000'000},
}};
constexpr std::int64_t kMostDigits = 99'999'999;

}  // namespace

std::string format_timeout(Duration timeout) {
  const std::int64_t nanoseconds = std::max<std::int64_t>(timeout.count(), 0);
  for (const Unit& unit : kUnits) {
    const std::int64_t count = nanoseconds / unit.nanoseconds + (nanoseconds % unit.nanoseconds != 0 ? 1 : 0);
    if (count <= kMostDigits) return std::to_string(count) + unit.letter;
  }
  return std::to_string(kMostDigits) + 'H';
}

std::optional<Duration> parse_timeout(std::string_view text) {
  if (text.size() < 2 || text.size() > 9) return std::nullopt;
  std::int64_t count = 0;
  for (const char digit : text.substr(0, text.size() - 1)) {
    if (digit < '0' || digit > '9') return std::nullopt;
    count = count * 10 + (digit - '0');
  }
  const auto unit = std::ranges::find(kUnits, text.back(), &Unit::letter);
  if (unit == kUnits.end()) return std::nullopt;
  if (count > Duration::max().count() / unit->nanoseconds) return Duration::max();
  return Duration(count * unit->nanoseconds);
}

}  // namespace sluice::rpc
