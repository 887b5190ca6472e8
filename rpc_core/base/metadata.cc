#include "rpc_core/base/metadata.h"

#include <algorithm>
#include <cstring>

namespace sluice::rpc {
namespace {

// What the first pair makes room for.
constexpr std::size_t kLeastBytes = 120;
constexpr std::size_t kLeastEntries = 5;

}  // namespace

Metadata::Metadata(std::initializer_list<Pair> pairs) {
  for (const auto& [key, value] : pairs) add(key, value);
}

void Metadata::add(std::string_view key, std::string_view value) {
  const std::size_t begin = bytes_.size();
  const std::size_t needed = begin + key.size() + value.size();
  const auto write = [&](char* data, std::size_t size) {
    std::memcpy(data + begin, key.data(), key.size());
    if (!value.empty()) std::memcpy(data + begin + key.size(), value.data(), value.size());
    return size;
  };
  if (needed > bytes_.capacity()) {
    // The views may be of this very block, so the old one lives until they are copied.
    decltype(bytes_) larger;
    larger.reserve(std::max({needed, 2 * bytes_.capacity(), kLeastBytes}));
    larger.append(bytes_);
    larger.resize_and_overwrite(needed, write);
    bytes_.swap(larger);
  } else {
    bytes_.resize_and_overwrite(needed, write);
  }
  if (entries_.capacity() == 0) entries_.reserve(kLeastEntries);
  entries_.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(key.size()),
                      static_cast<std::uint32_t>(value.size())});
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
