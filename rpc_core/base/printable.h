// Text from the space to the tilde: what may stand in metadata, and nearly all header fields.
#pragma once

#include <cstdint>
#include <string_view>

#include "rpc_core/base/eight_bytes.h"

namespace sluice::rpc {

inline bool is_printable_ascii(std::string_view text) {
  std::uint64_t high_bits = 0;
  for_each_eight_bytes(text, [&high_bits](std::uint64_t eight) {
    // A byte below the space gets its high bit by the borrow, DEL by the carry; all above have it.
    high_bits |= eight | (eight - eight_times(' ')) | (eight + eight_times(1));
  });
  return (high_bits & eight_times(0x80)) == 0;
}

}  // namespace sluice::rpc
