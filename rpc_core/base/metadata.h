// Metadata: the key-value pairs that travel beside a call's messages, in the order in which they came.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rpc_core/base/pool.h"

namespace sluice::rpc {

// Keys are lower-case ([0-9a-z_.-]); a key may stand several times. A key that ends in "-bin" has a binary value, which
// is raw bytes here and base64 on the wire only. Keys that begin with "grpc-" or ":" belong to the protocol.
// https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
//
//   Metadata metadata;
//   metadata.add("x-tenant", "blue");
//   for (auto [key, value] : metadata) …
//
// A value: copied, moved, compared. All bytes stand in one block, so that adding a pair rarely allocates.
class Metadata {
 public:
  using Pair = std::pair<std::string_view, std::string_view>;

  class Iterator {
   public:
    using value_type = Pair;
    using difference_type = std::ptrdiff_t;
    Iterator() = default;
    Iterator(const Metadata* owner, std::size_t index) : owner_(owner), index_(index) {}
    Pair operator*() const { return owner_->at(index_); }
    Iterator& operator++() {
      ++index_;
      return *this;
    }
    Iterator operator++(int) { return Iterator(owner_, index_++); }
    friend bool operator==(const Iterator& a, const Iterator& b) { return a.index_ == b.index_; }

   private:
    const Metadata* owner_ = nullptr;
    std::size_t index_ = 0;
  };

  Metadata() = default;
  Metadata(std::initializer_list<Pair> pairs);

  void add(std::string_view key, std::string_view value);
  void add_all(const Metadata& other);
  // Removes every pair of that key and says how many there were.
  std::size_t remove(std::string_view key);
  void clear();
  // Room for so many pairs, of so many bytes together.
  void reserve(std::size_t pairs, std::size_t bytes) {
    entries_.reserve(pairs);
    bytes_.reserve(bytes);
  }

  // The first value of the key; all of them, in order.
  std::optional<std::string_view> get(std::string_view key) const;
  std::vector<std::string_view> get_all(std::string_view key) const;
  bool contains(std::string_view key) const { return get(key).has_value(); }

  std::size_t size() const { return entries_.size(); }
  bool empty() const { return entries_.empty(); }
  Pair at(std::size_t index) const {
    const Entry& entry = entries_[index];
    const char* key = bytes_.data() + entry.begin;
    return {{key, entry.key_size}, {key + entry.key_size, entry.value_size}};
  }
  Iterator begin() const { return Iterator(this, 0); }
  Iterator end() const { return Iterator(this, size()); }

  // The size as HTTP/2 counts it: key and value and 32 bytes a pair (RFC 9113 section 6.5.2).
  std::size_t list_bytes() const { return bytes_.size() + 32 * entries_.size(); }

  friend bool operator==(const Metadata& a, const Metadata& b);

 private:
  struct Entry {
    std::uint32_t begin;
    std::uint32_t key_size;
    std::uint32_t value_size;
  };
  std::basic_string<char, std::char_traits<char>, PoolAllocator<char>> bytes_;
  std::vector<Entry, PoolAllocator<Entry>> entries_;
};

inline bool is_binary_key(std::string_view key) { return key.ends_with("-bin"); }

}  // namespace sluice::rpc
