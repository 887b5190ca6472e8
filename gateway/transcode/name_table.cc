// Filling and growing the table; the look-up is in the header.
#include "gateway/transcode/name_table.h"

#include <bit>

namespace sluice::gateway {

void NameTable::add(std::string_view name, std::uint32_t value) {
  if (find(name) != kNone) return;
  if (slots_.size() < 2 * (count_ + 1)) grow();
  Slot slot;
  slot.value = value;
  slot.offset = static_cast<std::uint32_t>(names_.size());
  slot.size = static_cast<std::uint32_t>(name.size());
  names_ += name;
  insert(name, slot);
  ++count_;
}

void NameTable::insert(std::string_view name, const Slot& slot) {
  const std::uint64_t hash = hash_of(name);
  std::size_t i = hash >> shift_;
  while (slots_[i].value != kNone) i = (i + 1) & mask();
  slots_[i] = slot;
  slots_[i].hash = static_cast<std::uint32_t>(hash);
}

void NameTable::grow() {
  const std::vector<Slot> old = std::move(slots_);
  slots_.assign(old.empty() ? 4 : old.size() * 2, Slot{});
  shift_ = 64 - static_cast<unsigned>(std::countr_zero(slots_.size()));
  for (const Slot& slot : old) {
    if (slot.value != kNone) insert(std::string_view(names_).substr(slot.offset, slot.size), slot);
  }
}

}  // namespace sluice::gateway
