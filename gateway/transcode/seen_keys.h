// Detects keys that come twice: members of JSON objects, map entries on the wire, query parameters.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::gateway {

// A hash set of (scope, key) pairs; each object has a scope of its own. The hash is seeded, so a client cannot choose
// keys that collide. Starting anew costs nothing, and memory is kept for the next message up to a bound.
class SeenKeys {
 public:
  SeenKeys();

  // Forgets everything.
  void reset();
  std::uint32_t new_scope() { return ++last_scope_; }

  // False: the scope has that key already. The first form borrows the key until reset().
  bool insert(std::uint32_t scope, std::string_view key);
  bool insert_copy(std::uint32_t scope, std::string_view key);
  bool insert(std::uint32_t scope, std::uint64_t key);

 private:
  struct Slot {
    std::uint32_t scope = 0;
    std::uint32_t hash = 0;
    const char* text = nullptr;  // nullptr: copied, at copies_[number]; or a number
    std::uint64_t number = 0;
    std::uint64_t size = 0;
  };

  bool live(const Slot& slot) const { return slot.scope > base_scope_; }
  std::string_view text_of(const Slot& slot) const;
  std::uint64_t hash_of(std::uint32_t scope, std::string_view key) const;
  Slot* find_place(std::uint32_t scope, std::uint32_t hash, std::string_view key);
  bool insert_hashed(std::uint32_t scope, std::string_view key, bool copy);
  void grow();

  std::vector<Slot> slots_;  // a power of two, at most half full; slots of earlier messages count as empty
  std::string copies_;
  std::size_t count_ = 0;
  std::uint32_t base_scope_ = 0;
  std::uint32_t last_scope_ = 0;
  std::uint64_t seed_;
};

}  // namespace sluice::gateway
