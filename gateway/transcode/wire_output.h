// Writing protobuf's wire format straight into a buffer.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "gateway/transcode/byte_output.h"
#include "gateway/transcode/message_plan.h"

namespace sluice::gateway {

constexpr std::size_t varint_size(std::uint64_t value) {
  return static_cast<std::size_t>(std::bit_width(value | 1) + 6) / 7;
}

// Writes a varint at a place that has room for ten bytes; returns the place behind.
inline char* put_varint(char* at, std::uint64_t value) {
  while (value >= 0x80) {
    *at++ = static_cast<char>(value | 0x80);
    value >>= 7;
  }
  *at++ = static_cast<char>(value);
  return at;
}

// Small numbers stay small whatever their sign.
constexpr std::uint64_t zigzag_encoded(std::int64_t value) {
  return static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63);
}

class WireOutput : public ByteOutput {
 public:
  using ByteOutput::ByteOutput;

  void varint(std::uint64_t value) { advance_to(put_varint(need(10), value)); }
  void fixed32(std::uint32_t value) { fixed(&value, sizeof value); }
  void fixed64(std::uint64_t value) { fixed(&value, sizeof value); }
  void tag(std::uint32_t number, WireType type) { varint(number << 3 | static_cast<std::uint32_t>(type)); }
  void bytes_field(std::uint32_t number, std::string_view value) {
    tag(number, WireType::Length);
    varint(value.size());
    bytes(value);
  }
  // The tag of a field as the plan holds it, in one eight-byte store.
  void tag_of(const FieldPlan& field) {
    char* const to = need(8);
    std::memcpy(to, field.tag_bytes, 8);
    advance_to(to + field.tag_size);
  }

  // A length that is not known yet: one byte stands in, since most are below 128; end_length() moves the content when
  // its length turns out to need more. For content that holds no other such length (strings, packed numbers): messages
  // nest, and moving them level by level would cost depth times size: NestedLengths.
  std::size_t begin_length() {
    byte(0);
    return position();
  }
  void end_length(std::size_t content) {
    const std::size_t size = position() - content;
    if (size < 0x80) {
      *(at(content) - 1) = static_cast<char>(size);
    } else {
      widen_length(content, size);
    }
  }

 private:
  void widen_length(std::size_t content, std::size_t size);
  void fixed(const void* value, std::size_t size) {
    char* const to = need(size);
    std::memcpy(to, value, size);  // both are little-endian
    advance_to(to + size);
  }
};

// Lengths of nested messages. A length below 128 is put in its place at once; longer ones are noted, and all of the
// bytes move once, at the end, however deep the nesting.
class NestedLengths {
 public:
  struct Mark {
    std::size_t content;
    std::size_t entry;  // in entries_
    std::size_t extra;  // of all entries so far
  };

  void reset() {
    entries_.clear();
    extra_ = 0;
  }
  Mark begin(WireOutput& out) {
    const Mark mark{out.begin_length(), entries_.size(), extra_};
    entries_.push_back({mark.content, 0});
    return mark;
  }
  void end(WireOutput& out, const Mark& mark) {
    const std::size_t size = out.position() - mark.content + (extra_ - mark.extra);
    if (size < 0x80) {  // then nothing inside is long either
      *(out.at(mark.content) - 1) = static_cast<char>(size);
      entries_.pop_back();
    } else {
      entries_[mark.entry].size = size;
      extra_ += varint_size(size) - 1;
    }
  }
  // Forgets the lengths behind a position to which the output was rewound; `extra` as it was there.
  void rewind(std::size_t entry, std::size_t extra) {
    entries_.resize(entry);
    extra_ = extra;
  }
  std::size_t count() const { return entries_.size(); }
  std::size_t extra() const { return extra_; }
  // Moves the bytes apart and writes the lengths noted since there were `entry` with so much `extra`: at the end of the
  // output, or of a part of it that is complete.
  void apply(WireOutput& out, std::size_t entry = 0, std::size_t extra = 0);

 private:
  struct Entry {
    std::size_t content;
    std::size_t size;
  };
  std::vector<Entry> entries_;  // by position
  std::size_t extra_ = 0;
};

}  // namespace sluice::gateway
