// PairList: keys and values, in the order in which they came, in one block of memory; what Metadata and header fields
// are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <utility>

#include "rpc_core/base/pool.h"

namespace sluice::rpc {

// A value: copied, moved, compared by whoever builds on it. A key may stand several times; what equal keys are is not
// decided here. Views of it last until it changes. All of it together has less than 4 GB.
class PairList {
 public:
  using Pair = std::pair<std::string_view, std::string_view>;

  class Iterator;

  PairList() = default;
  PairList(std::initializer_list<Pair> pairs);
  PairList(const PairList& other) { add_all(other); }
  PairList(PairList&& other) noexcept
      : block_(std::exchange(other.block_, nullptr)),
        capacity_(std::exchange(other.capacity_, 0)),
        bytes_(std::exchange(other.bytes_, 0)),
        count_(std::exchange(other.count_, 0)) {}
  PairList& operator=(const PairList& other);
  PairList& operator=(PairList&& other) noexcept {
    std::swap(block_, other.block_);
    std::swap(capacity_, other.capacity_);
    bytes_ = std::exchange(other.bytes_, 0);
    count_ = std::exchange(other.count_, 0);
    return *this;
  }
  ~PairList() {
    if (block_ != nullptr) pool_release(block_, capacity_);
  }

  // The views may be of this list.
  void add(std::string_view key, std::string_view value);
  void add_all(const PairList& other);
  void clear() { bytes_ = count_ = 0; }
  // Room for so many pairs, of so many bytes together.
  void reserve(std::size_t pairs, std::size_t bytes);

  std::size_t size() const { return count_; }
  bool empty() const { return count_ == 0; }
  Pair at(std::size_t index) const { return pair_of(entry_at(index), block_); }
  inline Iterator begin() const;
  inline Iterator end() const;

  // Of all keys and values; those of removed pairs count until clear().
  std::size_t bytes() const { return bytes_; }

  // Removes the pairs of which predicate(key, value) is true, and says how many there were.
  template <class Predicate>
  std::size_t remove_if(Predicate predicate) {
    std::uint32_t kept = 0;
    for (std::size_t i = 0; i < count_; ++i) {
      const auto [key, value] = at(i);
      if (!predicate(key, value)) entry_at(kept++) = entry_at(i);
    }
    return std::exchange(count_, kept) - kept;
  }

 private:
  struct Entry {
    std::uint32_t begin;
    std::uint32_t key_size;
    std::uint32_t value_size;
  };

  static Pair pair_of(const Entry& entry, const char* block) {
    const char* const key = block + entry.begin;
    return {{key, entry.key_size}, {key + entry.key_size, entry.value_size}};
  }
  Entry& entry_at(std::size_t index) const {
    return *(reinterpret_cast<Entry*>(block_ + capacity_) - 1 - static_cast<std::ptrdiff_t>(index));
  }
  void append(std::string_view key, std::string_view value);
  void append_all(const PairList& other);
  void add_in_larger_block(std::string_view key, std::string_view value);
  void move_to_block(std::size_t capacity);

  // The pairs' bytes from its front, their entries from its end.
  char* block_ = nullptr;
  std::uint32_t capacity_ = 0;
  std::uint32_t bytes_ = 0;
  std::uint32_t count_ = 0;
};

class PairList::Iterator {
 public:
  using value_type = Pair;
  using difference_type = std::ptrdiff_t;
  Iterator() = default;
  Pair operator*() const { return pair_of(entry_[-1], block_); }
  Iterator& operator++() {
    --entry_;
    return *this;
  }
  Iterator operator++(int) {
    Iterator before = *this;
    --entry_;
    return before;
  }
  friend bool operator==(const Iterator& a, const Iterator& b) { return a.entry_ == b.entry_; }

 private:
  friend class PairList;
  Iterator(const char* block, const Entry* entry) : block_(block), entry_(entry) {}

  const char* block_ = nullptr;
  const Entry* entry_ = nullptr;  // behind the one that is meant: they run from the end of the block to its front
};

inline PairList::Iterator PairList::begin() const {
  return Iterator(block_, reinterpret_cast<const Entry*>(block_ + capacity_));
}
inline PairList::Iterator PairList::end() const {
  return Iterator(block_, reinterpret_cast<const Entry*>(block_ + capacity_) - count_);
}

}  // namespace sluice::rpc
