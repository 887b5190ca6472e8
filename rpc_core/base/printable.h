// Text from the space to the tilde: what may stand in metadata, and nearly all header fields.
#pragma once

#include <cstdint>
#include <string_view>

#include "rpc_core/base/eight_bytes.h"

namespace sluice::rpc {

// High bits: none when all eight bytes are printable. A byte below the space gets its own by the borrow, DEL by the
// carry; all above have it.
inline std::uint64_t unprintable_bits(std::uint64_t eight) {
  return eight | (eight - eight_times(' ')) | (eight + eight_times(1));
}

inline bool is_printable_ascii(std::string_view text) {
  std::uint64_t unprintable = 0;
  for_each_eight_bytes(text, [&](std::uint64_t eight) { unprintable |= unprintable_bits(eight); });
  return (unprintable & eight_times(0x80)) == 0;
}

}  // namespace sluice::rpc
