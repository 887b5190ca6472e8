// The rarer steps: long varints, groups, unknown fields.
#include "gateway/transcode/wire_input.h"

#include <bit>

namespace sluice::gateway {

static_assert(std::endian::native == std::endian::little, "wire values are copied as they lie in memory");

const char* WireInput::long_varint(const char* at, const char* end, std::uint64_t& value) {
  value = 0;
  for (unsigned shift = 0; shift < 70 && at != end; shift += 7) {
    const auto byte = static_cast<unsigned char>(*at++);
    value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
    if (byte < 0x80) return at;
  }
  return nullptr;
}

bool WireInput::group(std::uint32_t number, int depth, std::string_view& content) {
  if (depth <= 0) return false;
  const char* const begin = at_;
  while (true) {
    const char* const before_tag = at_;
    std::uint32_t inner;
    WireType type;
    if (!tag(inner, type)) return false;
    if (type == WireType::EndGroup) {
      content = {begin, static_cast<std::size_t>(before_tag - begin)};
      return inner == number;
    }
    if (!skip(inner, type, depth - 1)) return false;
  }
}

bool WireInput::skip(std::uint32_t number, WireType type, int depth) {
  std::uint64_t varint_value;
  std::uint64_t eight;
  std::uint32_t four;
  std::string_view bytes;
  switch (type) {
    case WireType::Varint:
      return varint(varint_value);
    case WireType::Fixed64:
      return fixed64(eight);
    case WireType::Fixed32:
      return fixed32(four);
    case WireType::Length:
      return length(bytes);
    case WireType::StartGroup:
      return group(number, depth, bytes);
    case WireType::EndGroup:
      return false;
  }
  return false;
}

}  // namespace sluice::gateway
