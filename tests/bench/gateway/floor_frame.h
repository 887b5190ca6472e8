// How the floor's gateway and its backend share one connection: size, number of the client's connection, bytes.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::bench {

struct FloorFrame {
  std::uint32_t connection;
  std::string_view bytes;
};

inline constexpr std::size_t kFloorPrefix = 2 * sizeof(std::uint32_t);

inline std::array<char, kFloorPrefix> frame_prefix(std::uint32_t connection, std::string_view bytes) {
  const std::array<std::uint32_t, 2> prefix = {static_cast<std::uint32_t>(bytes.size()), connection};
  return std::bit_cast<std::array<char, kFloorPrefix>>(prefix);
}

inline void append_frame(std::string& out, std::uint32_t connection, std::string_view bytes) {
  out.append(frame_prefix(connection, bytes).data(), kFloorPrefix).append(bytes);
}

// Takes the first frame off `unread`; nothing: it is not all there.
inline std::optional<FloorFrame> take_frame(std::string_view& unread) {
  std::uint32_t prefix[2];
  if (unread.size() < kFloorPrefix) return std::nullopt;
  std::memcpy(prefix, unread.data(), kFloorPrefix);
  if (unread.size() < kFloorPrefix + prefix[0]) return std::nullopt;
  const FloorFrame frame{prefix[1], unread.substr(kFloorPrefix, prefix[0])};
  unread.remove_prefix(kFloorPrefix + prefix[0]);
  return frame;
}

}  // namespace sluice::bench
