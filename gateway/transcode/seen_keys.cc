// Open addressing with linear probing.
#include "gateway/transcode/seen_keys.h"

#include <cstring>
#include <random>

namespace sluice::gateway {
namespace {

constexpr std::size_t kFirstSlots = 64;
constexpr std::size_t kMostKeptSlots = 16 * 1024;
constexpr std::size_t kMostKeptBytes = 256 * 1024;

// The 128-bit product folded: each bit of both factors reaches each bit of the result.
std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  const auto product = static_cast<unsigned __int128>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

std::uint64_t load(const char* at, std::size_t size) {
  std::uint64_t word = 0;
  if (size != 0) std::memcpy(&word, at, size);
  return word;
}

std::uint64_t random_seed() {
  std::random_device device;
  return static_cast<std::uint64_t>(device()) << 32 | device();
}

}  // namespace

SeenKeys::SeenKeys() : slots_(kFirstSlots), seed_(random_seed()) {}

void SeenKeys::reset() {
  const bool scopes_run_out = last_scope_ > 0x7FFFFFFFu;
  if (slots_.size() > kMostKeptSlots || scopes_run_out) {
    slots_.assign(kFirstSlots, Slot{});
    slots_.shrink_to_fit();
    last_scope_ = 0;
  }
  if (copies_.capacity() > kMostKeptBytes) copies_ = std::string();
  copies_.clear();
  base_scope_ = last_scope_;
  count_ = 0;
}

bool SeenKeys::insert(std::uint32_t scope, std::string_view key) { return insert_hashed(scope, key, false); }

bool SeenKeys::insert_copy(std::uint32_t scope, std::string_view key) { return insert_hashed(scope, key, true); }

// A number is kept in the slot itself, as a text of size ~0.
bool SeenKeys::insert(std::uint32_t scope, std::uint64_t key) {
  if (slots_.size() < 2 * (count_ + 1)) grow();
  const auto hash = static_cast<std::uint32_t>(mix(key ^ seed_, (seed_ + scope * 0x9E3779B97F4A7C15u) | 1) >> 32);
  std::size_t i = hash & (slots_.size() - 1);
  for (; live(slots_[i]); i = (i + 1) & (slots_.size() - 1)) {
    if (slots_[i].scope == scope && slots_[i].number == key) return false;
  }
  slots_[i] = {scope, hash, nullptr, key, ~std::uint64_t{0}};
  ++count_;
  return true;
}

bool SeenKeys::insert_hashed(std::uint32_t scope, std::string_view key, bool copy) {
  if (slots_.size() < 2 * (count_ + 1)) grow();
  const auto hash = static_cast<std::uint32_t>(hash_of(scope, key) >> 32);
  Slot* const slot = find_place(scope, hash, key);
  if (live(*slot)) return false;
  *slot = {scope, hash, copy ? nullptr : key.data(), copies_.size(), key.size()};
  if (copy) copies_ += key;
  ++count_;
  return true;
}

// The slot with that key, or the empty one where it belongs.
SeenKeys::Slot* SeenKeys::find_place(std::uint32_t scope, std::uint32_t hash, std::string_view key) {
  std::size_t i = hash & (slots_.size() - 1);
  for (; live(slots_[i]); i = (i + 1) & (slots_.size() - 1)) {
    if (slots_[i].scope == scope && slots_[i].hash == hash && text_of(slots_[i]) == key) break;
  }
  return &slots_[i];
}

std::string_view SeenKeys::text_of(const Slot& slot) const {
  if (slot.text != nullptr || slot.size == 0) return {slot.text, slot.size};
  return std::string_view(copies_).substr(slot.number, slot.size);
}

std::uint64_t SeenKeys::hash_of(std::uint32_t scope, std::string_view key) const {
  std::uint64_t hash = seed_ ^ scope * 0x9E3779B97F4A7C15u;
  const char* at = key.data();
  std::size_t left = key.size();
  for (; left > 8; at += 8, left -= 8) hash = mix(hash ^ load(at, 8), seed_ | 1);
  return mix(hash ^ load(at, left), (seed_ ^ key.size() * 0xBF58476D1CE4E5B9u) | 1);
}

void SeenKeys::grow() {
  std::vector<Slot> old(slots_.size() * 2);
  old.swap(slots_);
  for (const Slot& slot : old) {
    if (!live(slot)) continue;
    std::size_t i = slot.hash & (slots_.size() - 1);
    while (live(slots_[i])) i = (i + 1) & (slots_.size() - 1);
    slots_[i] = slot;
  }
}

}  // namespace sluice::gateway
