#include "rpc_core/base/metadata.h"

#include <algorithm>

namespace sluice::rpc {

std::size_t Metadata::remove(std::string_view key) {
  return remove_if([key](std::string_view name, std::string_view) { return name == key; });
}

std::optional<std::string_view> Metadata::get(std::string_view key) const {
  for (const auto& [name, value] : *this) {
    if (name == key) return value;
  }
  return std::nullopt;
}

std::vector<std::string_view> Metadata::get_all(std::string_view key) const {
  std::vector<std::string_view> values;
  for (const auto& [name, value] : *this) {
    if (name == key) values.push_back(value);
  }
  return values;
}

bool operator==(const Metadata& a, const Metadata& b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin());
}

}  // namespace sluice::rpc
