// The hash table of literal edges: the label eight bytes at a time, then the node; linear probing.
#include "annotations/edge_table.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace sluice::http_rule {
namespace {

// 2^64 over the golden ratio: an odd number whose multiples spread well.
constexpr std::uint64_t kMultiplier = 0x9E3779B97F4A7C15u;

}  // namespace

Label::Label(std::string_view label_text) : text(label_text) {
  std::uint64_t mixed = label_text.size();
  for (std::size_t at = 0; at < label_text.size(); at += sizeof mixed) {
    std::uint64_t word = 0;
    std::memcpy(&word, label_text.data() + at, std::min(sizeof word, label_text.size() - at));
    mixed = (mixed ^ word) * kMultiplier;
    mixed ^= mixed >> 32;
  }
  hash = static_cast<std::uint32_t>(mixed);
}

NodeIndex EdgeTable::find(NodeIndex from, const Label& label) const {
  if (slots_.empty()) return kNoNode;
  for (std::size_t at = first_slot(from, label.hash);; at = (at + 1) & (slots_.size() - 1)) {
    const Slot& slot = slots_[at];
    if (slot.from == kNoNode) return kNoNode;
    if (slot.from != from || slot.hash != label.hash || slot.text_size != label.text.size()) continue;
    if (label.text == std::string_view(texts_).substr(slot.text_begin, slot.text_size)) return slot.to;
  }
}

void EdgeTable::insert(NodeIndex from, const Label& label, NodeIndex to) {
  if ((size_ + 1) * 2 > slots_.size()) grow();
  place({.from = from,
         .to = to,
         .hash = label.hash,
         .text_begin = static_cast<std::uint32_t>(texts_.size()),
         .text_size = static_cast<std::uint32_t>(label.text.size())});
  texts_ += label.text;
  ++size_;
}

std::size_t EdgeTable::first_slot(NodeIndex from, std::uint32_t hash) const {
  std::uint64_t mixed = (static_cast<std::uint64_t>(from) << 32 | hash) * kMultiplier;
  mixed ^= mixed >> 32;
  return mixed & (slots_.size() - 1);
}

void EdgeTable::place(const Slot& slot) {
  std::size_t at = first_slot(slot.from, slot.hash);
  while (slots_[at].from != kNoNode) at = (at + 1) & (slots_.size() - 1);
  slots_[at] = slot;
}

void EdgeTable::grow() {
  const std::vector<Slot> old = std::exchange(slots_, std::vector<Slot>(slots_.empty() ? 16 : slots_.size() * 2));
  for (const Slot& slot : old) {
    if (slot.from != kNoNode) place(slot);
  }
}

}  // namespace sluice::http_rule
