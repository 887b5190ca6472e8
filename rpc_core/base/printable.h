// Text from the space to the tilde: what may stand in metadata, and nearly all header fields.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace sluice::rpc {

// Eight bytes at a time.
inline bool is_printable_ascii(std::string_view text) {
  constexpr std::uint64_t kOnes = 0x0101'0101'0101'0101;
  std::uint64_t high_bits = 0;
  const auto look = [&](std::uint64_t eight) {
    // A byte below the space gets its high bit by the borrow, DEL by the carry; all above have it.
    high_bits |= eight | (eight - ' ' * kOnes) | (eight + kOnes);
  };
  std::uint64_t eight;
  for (; text.size() >= sizeof(eight); text.remove_prefix(sizeof(eight))) {
    std::memcpy(&eight, text.data(), sizeof(eight));
    look(eight);
  }
  eight = ' ' * kOnes;
  if (!text.empty()) std::memcpy(&eight, text.data(), text.size());
  look(eight);
  return (high_bits & 0x80 * kOnes) == 0;
}

}  // namespace sluice::rpc
