// PairList: keys and values, in the order in which they came, in one block of memory; what Metadata and header fields
// are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
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

  class Iterator {
   public:
    using value_type = Pair;
    using difference_type = std::ptrdiff_t;
    Iterator() = default;
    Iterator(const PairList* owner, std::size_t index) : owner_(owner), index_(index) {}
    Pair operator*() const { return owner_->at(index_); }
    Iterator& operator++() {
      ++index_;
      return *this;
    }
    Iterator operator++(int) { return Iterator(owner_, index_++); }
    friend bool operator==(const Iterator& a, const Iterator& b) { return a.index_ == b.index_; }

   private:
    const PairList* owner_ = nullptr;
    std::size_t index_ = 0;
  };

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
  Pair at(std::size_t index) const {
    const Entry& entry = entry_at(index);
    const char* const key = block_ + entry.begin;
    return {{key, entry.key_size}, {key + entry.key_size, entry.value_size}};
  }
  Iterator begin() const { return Iterator(this, 0); }
  Iterator end() const { return Iterator(this, count_); }

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

  Entry& entry_at(std::size_t index) const {
    return *(reinterpret_cast<Entry*>(block_ + capacity_) - 1 - static_cast<std::ptrdiff_t>(index));
  }
  void append(std::string_view key, std::string_view value) {
    entry_at(count_++) = {bytes_, static_cast<std::uint32_t>(key.size()), static_cast<std::uint32_t>(value.size())};
    char* const end = block_ + bytes_;
    if (!key.empty()) std::memcpy(end, key.data(), key.size());
    if (!value.empty()) std::memcpy(end + key.size(), value.data(), value.size());
    bytes_ += static_cast<std::uint32_t>(key.size() + value.size());
  }
  void append_all(const PairList& other);
  void add_in_larger_block(std::string_view key, std::string_view value);
  void move_to_block(std::size_t capacity);

  // The pairs' bytes from its front, their entries from its end.
  char* block_ = nullptr;
  std::uint32_t capacity_ = 0;
  std::uint32_t bytes_ = 0;
  std::uint32_t count_ = 0;
};

}  // namespace sluice::rpc
