// Reading protobuf's wire format: bounds-checked steps over encoded bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "gateway/transcode/message_plan.h"

namespace sluice::gateway {

// How deep groups may nest where they are only passed over.
inline constexpr int kGroupDepth = 100;

// A cursor. Each step returns false when the bytes are truncated or overlong, and then stays unusable.
// https://protobuf.dev/programming-guides/encoding/
class WireInput {
 public:
  explicit WireInput(std::string_view bytes) : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  bool done() const { return at_ == end_; }
  const char* position() const { return at_; }
  std::string_view rest() const { return {at_, static_cast<std::size_t>(end_ - at_)}; }

  // Nearly all varints (tags, lengths, small numbers) have one byte.
  bool varint(std::uint64_t& value) {
    if (at_ != end_ && static_cast<unsigned char>(*at_) < 0x80) {
      value = static_cast<unsigned char>(*at_++);
      return true;
    }
    const char* const behind = long_varint(at_, end_, value);
    if (behind == nullptr) return false;
    at_ = behind;
    return true;
  }

  // A field number of 1 to 2^29 - 1 and one of the six wire types.
  bool tag(std::uint32_t& number, WireType& type) {
    std::uint64_t tag;
    if (!varint(tag) || tag > 0xFFFFFFFFu) return false;
    number = static_cast<std::uint32_t>(tag >> 3);
    type = static_cast<WireType>(tag & 7);
    return number != 0 && (tag & 7) <= 5;
  }

  // Steps over the tag when it is the field's, as the plan would write it: nothing is decoded, nothing looked up. Any
  // field has two bytes, the value's first included.
  bool take_tag(const FieldPlan& field) {
    std::uint16_t two;
    if (end_ - at_ < static_cast<std::ptrdiff_t>(sizeof two)) return false;
    std::memcpy(&two, at_, sizeof two);
    if (((two ^ field.short_tag) & field.short_tag_mask) != 0) return false;
    at_ += field.tag_size;
    return true;
  }

  bool length(std::string_view& bytes) {
    std::uint64_t size;
    if (!varint(size) || size > static_cast<std::uint64_t>(end_ - at_)) return false;
    bytes = {at_, static_cast<std::size_t>(size)};
    at_ += size;
    return true;
  }

  bool fixed32(std::uint32_t& value) { return fixed(&value, sizeof value); }
  bool fixed64(std::uint64_t& value) { return fixed(&value, sizeof value); }

  // The content of a group whose start tag was just read, without the end tag. Groups nest at most `depth` deep.
  bool group(std::uint32_t number, int depth, std::string_view& content);
  // Over the value of a field whose tag was just read.
  bool skip(std::uint32_t number, WireType type, int depth);

 private:
  // The place behind the varint at `at`; nullptr: there is none. Static, so that a cursor may live in registers.
  static const char* long_varint(const char* at, const char* end, std::uint64_t& value);
  bool fixed(void* value, std::size_t size) {
    if (static_cast<std::size_t>(end_ - at_) < size) return false;
    std::memcpy(value, at_, size);  // both are little-endian
    at_ += size;
    return true;
  }

  const char* at_;
  const char* end_;
};

inline std::int64_t zigzag_decoded(std::uint64_t value) {
  return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
}

}  // namespace sluice::gateway
