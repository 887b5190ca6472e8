// Edit distance with swaps (optimal string alignment).
#include "gateway/config/nearest.h"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace sluice::gateway {
namespace {

std::string folded(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == '-') c = '_';
  }
  return out;
}

std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> two_back, last, row;
  for (std::size_t j = 0; j <= b.size(); ++j) last.push_back(j);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row.assign(1, i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      std::size_t best = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) best = std::min(best, two_back[j - 2] + 1);
      row.push_back(best);
    }
    two_back.swap(last);
    last.swap(row);
  }
  return last[b.size()];
}

}  // namespace

std::string_view nearest_name(std::string_view text, std::span<const std::string> names) {
  constexpr std::size_t kLongest = 64;  // no name is longer, and the time is quadratic
  if (text.empty() || text.size() > kLongest) return {};
  const std::string wanted = folded(text);
  std::string_view nearest;
  std::size_t least = kLongest;
  for (const std::string& name : names) {
    const std::size_t steps = distance(wanted, folded(name));
    if (steps < least && steps * 3 <= name.size()) {
      nearest = name;
      least = steps;
    }
  }
  return nearest;
}

std::string did_you_mean(std::string_view text, std::span<const std::string> names) {
  const std::string_view nearest = nearest_name(text, names);
  return nearest.empty() ? std::string() : "did you mean \"" + std::string(nearest) + "\"?";
}

}  // namespace sluice::gateway
