// The names of a setting in each source.
#include "gateway/config/setting.h"

#include <algorithm>

namespace sluice::gateway {

std::string Setting::variable() const {
  std::string out = "SLUICE_";
  for (const char c : name) out += c == '-' ? '_' : static_cast<char>(c - 'a' + 'A');
  return out;
}

std::string Setting::key() const {
  std::string out = name;
  std::ranges::replace(out, '-', '_');
  return out;
}

const Setting* find_setting(std::span<const Setting> table, std::string_view name) {
  const auto found = std::ranges::find(table, name, &Setting::name);
  return found == table.end() ? nullptr : &*found;
}

}  // namespace sluice::gateway
