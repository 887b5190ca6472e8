// How the block of a PairList grows and is filled.
#include "rpc_core/base/pair_list.h"

#include <algorithm>
#include <cstring>

namespace sluice::rpc {
namespace {

// What the first pair makes room for.
constexpr std::size_t kLeastBlock = 192;

}  // namespace

PairList::PairList(std::initializer_list<Pair> pairs) {
  for (const auto& [key, value] : pairs) add(key, value);
}

PairList& PairList::operator=(const PairList& other) {
  if (this != &other) {
    clear();
    add_all(other);
  }
  return *this;
}

void PairList::add(std::string_view key, std::string_view value) {
  const std::size_t needed = bytes_ + key.size() + value.size() + (count_ + std::size_t{1}) * sizeof(Entry);
  if (needed > capacity_) [[unlikely]]
    return add_in_larger_block(key, value);
  append(key, value);
}

inline void PairList::append(std::string_view key, std::string_view value) {
  entry_at(count_++) = {bytes_, static_cast<std::uint32_t>(key.size()), static_cast<std::uint32_t>(value.size())};
  char* const end = block_ + bytes_;
  if (!key.empty()) std::memcpy(end, key.data(), key.size());
  if (!value.empty()) std::memcpy(end + key.size(), value.data(), value.size());
  bytes_ += static_cast<std::uint32_t>(key.size() + value.size());
}

void PairList::add_in_larger_block(std::string_view key, std::string_view value) {
  const std::size_t needed = bytes_ + key.size() + value.size() + (count_ + std::size_t{1}) * sizeof(Entry);
  PairList larger;
  larger.move_to_block(std::max({needed, std::size_t{2} * capacity_, kLeastBlock}));
  larger.append_all(*this);
  larger.append(key, value);
  *this = std::move(larger);
}

void PairList::add_all(const PairList& other) {
  reserve(count_ + other.count_, bytes_ + other.bytes_);
  append_all(other);
}

void PairList::reserve(std::size_t pairs, std::size_t bytes) {
  const std::size_t needed = bytes + pairs * sizeof(Entry);
  if (needed > capacity_) move_to_block(needed);
}

void PairList::append_all(const PairList& other) {
  if (other.empty()) return;
  std::memcpy(block_ + bytes_, other.block_, other.bytes_);
  for (std::size_t i = 0; i < other.count_; ++i) {
    Entry entry = other.entry_at(i);
    entry.begin += bytes_;
    entry_at(count_ + i) = entry;
  }
  bytes_ += other.bytes_;
  count_ += other.count_;
}

void PairList::move_to_block(std::size_t capacity) {
  capacity = (capacity + alignof(Entry) - 1) / alignof(Entry) * alignof(Entry);
  char* const block = static_cast<char*>(pool_allocate(capacity));
  const PairList old = std::move(*this);
  block_ = block;
  capacity_ = static_cast<std::uint32_t>(capacity);
  append_all(old);
}

}  // namespace sluice::rpc
