// Texts in a row.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sluice::gateway {

inline std::string joined(const std::vector<std::string>& texts, std::string_view between) {
  std::string out;
  for (const std::string& text : texts) out.append(out.empty() ? "" : between).append(text);
  return out;
}

}  // namespace sluice::gateway
