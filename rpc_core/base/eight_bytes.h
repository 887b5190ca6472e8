// Looking at text eight bytes at a time.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace sluice::rpc {

// The byte in each of the eight.
constexpr std::uint64_t eight_times(unsigned char byte) { return byte * std::uint64_t{0x0101'0101'0101'0101}; }

// Calls look() with all of the text; the last eight bytes are filled up with spaces.
template <class Look>
void for_each_eight_bytes(std::string_view text, Look look) {
  std::uint64_t eight;
  for (; text.size() >= sizeof(eight); text.remove_prefix(sizeof(eight))) {
    std::memcpy(&eight, text.data(), sizeof(eight));
    look(eight);
  }
  eight = eight_times(' ');
  if (!text.empty()) std::memcpy(&eight, text.data(), text.size());
  look(eight);
}

}  // namespace sluice::rpc
