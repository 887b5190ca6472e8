// The name that was meant by a name that does not exist.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace sluice::gateway {

// The closest of `names` to `text`, by insertions, deletions, replacements and swaps of neighbours; upper and lower
// case, "-" and "_" are the same. Empty when none differs in at most a third of its bytes. The first of equals.
std::string_view nearest_name(std::string_view text, std::span<const std::string> names);

// "did you mean \"reject\"?", or empty when there is none.
std::string did_you_mean(std::string_view text, std::span<const std::string> names);

}  // namespace sluice::gateway
