#include "rpc_core/base/metadata.h"

#include <algorithm>

namespace sluice::rpc {

Metadata::Metadata(std::initializer_list<Pair> pairs) {
  for (const auto& [key, value] : pairs) add(key, value);
}

void Metadata::add(std::string_view key, std::string_view value) {
  const auto begin = static_cast<std::uint32_t>(bytes_.size());
  const std::size_t needed = bytes_.size() + key.size() + value.size();
  if (needed > bytes_.capacity()) {
    // The views may be of this very block, so the old one lives until they are copied.
    decltype(bytes_) larger;
    larger.reserve(std::max(needed, 2 * bytes_.capacity()));
    larger.append(bytes_).append(key).append(value);
    bytes_.swap(larger);
  } else {
    bytes_.append(key).append(value);
  }
  entries_.push_back({begin, static_cast<std::uint32_t>(key.size()), static_cast<std::uint32_t>(value.size())});
}

void Metadata::add_all(const Metadata& other) {
  bytes_.reserve(bytes_.size() + other.bytes_.size());
  entries_.reserve(entries_.size() + other.entries_.size());
  for (const auto& [key, value] : other) add(key, value);
}

std::size_t Metadata::remove(std::string_view key) {
  Metadata kept;
  for (const auto& [name, value] : *this) {
    if (name != key) kept.add(name, value);
  }
  const std::size_t removed = size() - kept.size();
  if (removed != 0) *this = std::move(kept);
  return removed;
}

void Metadata::clear() {
  bytes_.clear();
  entries_.clear();
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
