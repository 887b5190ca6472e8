// gRPC's length-prefixed messages: one flag byte, four length bytes, the message.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>

#include "rpc_core/base/buffer.h"
#include "rpc_core/base/fifo.h"
#include "rpc_core/base/result.h"

namespace sluice::rpc {

// Writes the prefix into the message's head-room.
void prepend_prefix(Buffer& message, bool compressed);

struct WireMessage {
  Buffer bytes;  // without the prefix
  bool compressed = false;
};

// Cuts a stream of bytes, in whatever pieces it comes, into messages. Each message is allocated once, with its length
// checked first. https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md ("Length-Prefixed-Message")
class Deframer {
 public:
  explicit Deframer(std::size_t max_message_bytes) : max_message_bytes_(max_message_bytes) {}

  // After an error (RESOURCE_EXHAUSTED: too long; INTERNAL: a flag other than 0 and 1) later bytes are ignored.
  void feed(std::span<const std::byte> bytes);
  const std::optional<Status>& error() const { return error_; }

  bool has_message() const { return !messages_.empty(); }
  std::optional<WireMessage> next();
  // Whether the stream may end here: not inside a message.
  bool at_boundary() const { return prefix_size_ == 0; }
  // How many messages have become complete since this was asked last.
  std::size_t take_completed() { return std::exchange(completed_, 0); }
  // Drops what has been received.
  void clear();

 private:
  void feed_prefix(std::span<const std::byte>& bytes);
  void start_message();
  void finish_message();

  const std::size_t max_message_bytes_;
  std::byte prefix_[kMessagePrefixBytes] = {};
  std::size_t prefix_size_ = 0;
  std::size_t completed_ = 0;
  std::size_t missing_ = 0;  // bytes of the current message that have not come yet
  WireMessage current_;
  Fifo<WireMessage> messages_;
  std::optional<Status> error_;
};

}  // namespace sluice::rpc
