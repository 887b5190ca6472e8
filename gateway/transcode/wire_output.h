// Writing protobuf's wire format straight into a buffer.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "gateway/transcode/message_plan.h"
#include "rpc_core/base/buffer.h"

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

constexpr std::uint64_t unzigzag(std::int64_t value) {
  return static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63);
}

// Appends to a Buffer with a cursor of its own, so that a byte costs one store. The buffer is behind until flush() or
// destruction; nobody else touches it meanwhile. Positions are offsets from the buffer's first byte and survive growth.
class WireOutput {
 public:
  explicit WireOutput(rpc::Buffer& out) : out_(out) { attach(0); }
  ~WireOutput() { flush(); }
  WireOutput(const WireOutput&) = delete;
  WireOutput& operator=(const WireOutput&) = delete;

  // Room for `count` bytes; the place to write them. advance_to() says where they ended.
  char* need(std::size_t count) {
    if (static_cast<std::size_t>(limit_ - at_) < count) grow(count);
    return at_;
  }
  void advance_to(char* end) { at_ = end; }

  std::size_t position() const { return static_cast<std::size_t>(at_ - base_); }
  char* at(std::size_t position) { return base_ + position; }
  std::string_view from(std::size_t position) const { return {base_ + position, this->position() - position}; }
  void rewind(std::size_t position) { at_ = base_ + position; }

  void byte(char value) {
    *need(1) = value;
    ++at_;
  }
  void bytes(std::string_view text) {
    if (text.empty()) return;
    std::memcpy(need(text.size()), text.data(), text.size());
    at_ += text.size();
  }
  void varint(std::uint64_t value) { at_ = put_varint(need(10), value); }
  void fixed32(std::uint32_t value) { fixed(&value, sizeof value); }
  void fixed64(std::uint64_t value) { fixed(&value, sizeof value); }
  void tag(std::uint32_t number, WireType type) { varint(number << 3 | static_cast<std::uint32_t>(type)); }
  void bytes_field(std::uint32_t number, std::string_view value) {
    tag(number, WireType::Length);
    varint(value.size());
    bytes(value);
  }
  // The tag of a field as the plan holds it: one eight-byte store.
  void tag_of(const FieldPlan& field) {
    std::memcpy(need(8), field.tag_bytes, 8);
    at_ += field.tag_size;
  }

  // A length that is not known yet: one byte stands in, since most are below 128; end_length() moves the content when
  // its length turns out to need more. For content that holds no other such length: nested_length.h is for messages.
  std::size_t begin_length() {
    byte(0);
    return position();
  }
  void end_length(std::size_t content) {
    const std::size_t size = position() - content;
    if (size < 0x80) {
      base_[content - 1] = static_cast<char>(size);
    } else {
      widen_length(content, size);
    }
  }

  // After a rewind() this makes the buffer shorter.
  void flush() { out_.truncate(position()); }

 private:
  void attach(std::size_t count) {
    out_.reserve(count);
    base_ = reinterpret_cast<char*>(out_.data());
    at_ = base_ + out_.size();
    limit_ = at_ + out_.tailroom();
  }
  void grow(std::size_t count);
  void widen_length(std::size_t content, std::size_t size);
  void fixed(const void* value, std::size_t size) {
    std::memcpy(need(size), value, size);  // both are little-endian
    at_ += size;
  }

  rpc::Buffer& out_;
  char* base_;
  char* at_;
  char* limit_;
};

}  // namespace sluice::gateway
