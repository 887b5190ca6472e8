// A fixed hash table from names to small numbers: field and enum names, built at load, looked up for every JSON key.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/transcode/byte_scan.h"

namespace sluice::gateway {

// Its content is the schema's, so an attacker's keys can only miss: the hash needs no seed.
class NameTable {
 public:
  static constexpr std::uint32_t kNone = ~0u;

  // The first of two equal names stays. Views need not outlive the call.
  void add(std::string_view name, std::uint32_t value);

  std::uint32_t find(std::string_view name) const {
    if (slots_.empty()) return kNone;
    const std::uint64_t hash = hash_of(name);
    for (std::size_t i = hash >> shift_;; i = (i + 1) & mask()) {
      const Slot& slot = slots_[i];
      if (slot.value == kNone) return kNone;
      if (slot.hash == static_cast<std::uint32_t>(hash) && slot.size == name.size() &&
          same_bytes(names_.data() + slot.offset, name.data(), name.size())) {
        return slot.value;
      }
    }
  }

 private:
  struct Slot {
    std::uint32_t hash = 0;
    std::uint32_t value = kNone;
    std::uint32_t offset = 0;
    std::uint32_t size = 0;
  };

  // Reads the first and the last eight bytes only: names of a schema differ there, nearly always, and equality is
  // checked.
  static std::uint64_t hash_of(std::string_view name) {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    if (name.size() >= 8) {
      std::memcpy(&first, name.data(), 8);
      std::memcpy(&last, name.data() + name.size() - 8, 8);
    } else if (name.size() >= 4) {
      std::uint32_t head;
      std::uint32_t tail;
      std::memcpy(&head, name.data(), 4);
      std::memcpy(&tail, name.data() + name.size() - 4, 4);
      first = head;
      last = tail;
    } else {
      for (const char c : name) first = first << 8 | static_cast<unsigned char>(c);
    }
    const std::uint64_t mixed = (first ^ name.size() * 0x9E3779B97F4A7C15u) * 0xBF58476D1CE4E5B9u;
    return ((mixed ^ mixed >> 29) + last) * 0x94D049BB133111EBu;
  }
  std::size_t mask() const { return slots_.size() - 1; }
  void insert(std::string_view name, const Slot& slot);
  void grow();

  std::vector<Slot> slots_;  // a power of two, at most half full
  std::string names_;
  std::size_t count_ = 0;
  unsigned shift_ = 63;
};

}  // namespace sluice::gateway
