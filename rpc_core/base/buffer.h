// Buffer: one contiguous run of bytes with room to grow at both ends; what messages and chunks travel in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <utility>

namespace sluice::rpc {

// A movable owner of bytes. The free space in front (head-room) lets the 5-byte gRPC prefix be put before a message
// without a copy. Memory comes from the thread's pool in powers of two (256 B to 64 KiB), else from operator new.
//
//   Buffer message(kMessagePrefixBytes);        // an empty buffer with 5 bytes of head-room
//   message.append("…");
//   message.prepend(5)                          // the span to write the prefix into
class Buffer {
 public:
  Buffer() = default;
  explicit Buffer(std::size_t headroom, std::size_t capacity = 0) { reset(headroom, capacity); }
  static Buffer copy_of(std::string_view text, std::size_t headroom = 0);
  static Buffer copy_of(std::span<const std::byte> bytes, std::size_t headroom = 0);

  Buffer(Buffer&& other) noexcept { swap(other); }
  Buffer& operator=(Buffer&& other) noexcept {
    Buffer taken(std::move(other));
    swap(taken);
    return *this;
  }
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  ~Buffer() {
    if (storage_ != nullptr) release();
  }

  std::byte* data() { return storage_ + begin_; }
  const std::byte* data() const { return storage_ + begin_; }
  std::size_t size() const { return end_ - begin_; }
  bool empty() const { return begin_ == end_; }
  std::span<const std::byte> bytes() const { return {data(), size()}; }
  std::string_view text() const { return {reinterpret_cast<const char*>(data()), size()}; }

  std::size_t headroom() const { return begin_; }
  std::size_t capacity() const { return capacity_; }  // head-room, bytes and tail-room together
  std::size_t tailroom() const { return capacity_ - end_; }

  // Makes the buffer empty with at least this head-room and room for `capacity` bytes behind it; keeps memory that
  // fits.
  void reset(std::size_t headroom, std::size_t capacity = 0);
  void clear() { reset(begin_ < capacity_ ? begin_ : 0); }

  // Room for `count` more bytes at the end; returns the place to write them. commit() says how many were written.
  std::byte* reserve(std::size_t count) {
    if (tailroom() < count) grow(count);
    return storage_ + end_;
  }
  void commit(std::size_t count) { end_ += count; }

  void append(std::string_view text) { append(text.data(), text.size()); }
  void append(std::span<const std::byte> bytes) { append(bytes.data(), bytes.size()); }
  void append(const void* bytes, std::size_t count) {
    if (count == 0) return;
    std::memcpy(reserve(count), bytes, count);
    commit(count);
  }
  void push_back(char c) {
    *reserve(1) = static_cast<std::byte>(c);
    ++end_;
  }

  // Extends the bytes to the front by `count`, into the head-room (moves everything when there is too little).
  std::byte* prepend(std::size_t count);
  // Drops bytes at the front, which become head-room; or at the end.
  void remove_prefix(std::size_t count) { begin_ += count; }
  void truncate(std::size_t new_size) { end_ = begin_ + new_size; }

  void swap(Buffer& other) noexcept {
    std::swap(storage_, other.storage_);
    std::swap(capacity_, other.capacity_);
    std::swap(begin_, other.begin_);
    std::swap(end_, other.end_);
  }

 private:
  void grow(std::size_t more);
  void release() noexcept;  // of what there is

  std::byte* storage_ = nullptr;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

// The length-prefix of a gRPC message: one flag byte, four length bytes.
inline constexpr std::size_t kMessagePrefixBytes = 5;

}  // namespace sluice::rpc
