// Appending bytes to a Buffer at the price of one store a byte.
#pragma once

#include <cstddef>
#include <cstring>
#include <string_view>

#include "rpc_core/base/buffer.h"

namespace sluice::gateway {

// A cursor into the buffer's tail-room. The buffer is behind until flush() or destruction; nobody else touches it
// meanwhile. Positions are offsets from the buffer's first byte and survive growth.
class ByteOutput {
 public:
  explicit ByteOutput(rpc::Buffer& out) : out_(out) { attach(0); }
  ~ByteOutput() { flush(); }
  ByteOutput(const ByteOutput&) = delete;
  ByteOutput& operator=(const ByteOutput&) = delete;

  // Room for `count` bytes; the place to write them. advance_to() says where they ended.
  char* need(std::size_t count) {
    if (static_cast<std::size_t>(limit_ - at_) < count) [[unlikely]]
      grow(count);
    return at_;
  }
  void advance_to(char* end) { at_ = end; }
  // The end of the room.
  char* limit() const { return limit_; }

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
  // Short texts (keys, names) in two sixteen-byte copies, where the source has that many readable bytes.
  void padded_bytes(const char* text, std::size_t size) {
    if (size > 32) return bytes({text, size});
    char* const to = need(32);
    std::memcpy(to, text, 16);
    std::memcpy(to + 16, text + 16, 16);
    at_ += size;
  }

  // After a rewind() this makes the buffer shorter.
  void flush() { out_.truncate(position()); }

 private:
  void attach(std::size_t count);
  void grow(std::size_t count);

  rpc::Buffer& out_;
  char* base_;
  char* at_;
  char* limit_;
};

}  // namespace sluice::gateway
