#include "rpc_core/wire/timeout.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <ranges>

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
constexpr std::size_t kSeconds = 3;              // up to here each is a thousand of the one before
constexpr std::uint64_t kMost = 99'999'999;      // eight digits
constexpr std::uint64_t kMostThatCount = 9'999;  // four

// The first unit in which that many seconds fit.
std::string format_seconds(std::uint64_t seconds) {
  for (const Unit& unit : kUnits | std::views::drop(kSeconds)) {
    const auto unit_seconds = static_cast<std::uint64_t>(unit.nanoseconds) / 1'000'000'000;
    const std::uint64_t count = (seconds + unit_seconds - 1) / unit_seconds;
    if (count <= kMost) return std::to_string(count) + unit.letter;
  }
  return std::to_string(kMost) + 'H';
}

}  // namespace

std::string format_timeout(Duration timeout) {
  const auto nanoseconds = static_cast<std::uint64_t>(std::max<std::int64_t>(timeout.count(), 0));
  std::uint64_t step = 1;
  std::size_t exponent = 0;
  for (std::uint64_t most = kMostThatCount; most < nanoseconds; most *= 10) {
    step *= 10;
    ++exponent;
  }
  std::uint64_t count = nanoseconds / step + (nanoseconds % step != 0 ? 1 : 0);
  for (; count != 0 && count % 10 == 0; count /= 10) ++exponent;
  const std::size_t unit = std::min(exponent / 3, kSeconds);
  for (std::size_t i = 3 * unit; i < exponent; ++i) count *= 10;
  if (count > kMost) return format_seconds(count);
  return std::to_string(count) + kUnits[unit].letter;
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
