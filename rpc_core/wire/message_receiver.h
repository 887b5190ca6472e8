// MessageReceiver: the receiving half of a call: bytes to messages, decompressed, with flow control by what was taken.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "rpc_core/base/byte_sink.h"
#include "rpc_core/base/result.h"
#include "rpc_core/wire/compression.h"
#include "rpc_core/wire/framing.h"

namespace sluice::rpc {

// The peer may send a window's worth beyond what the application has taken. While the application waits for a message,
// the parts of it are credited as they come, so that a message may be larger than the window.
class MessageReceiver final : public ByteSink {
 public:
  explicit MessageReceiver(std::size_t max_message_bytes)
      : max_message_bytes_(max_message_bytes), deframer_(max_message_bytes) {}

  // How the peer says that it compresses flagged messages; nothing: by a name that we do not know.
  void set_encoding(std::optional<Compression> encoding) { encoding_ = encoding; }

  std::size_t receive(std::span<const std::byte> bytes) override;
  std::size_t take_completed() override { return deframer_.take_completed(); }

  // The next message, an error (after which nothing more comes), or nothing: not yet, or never.
  std::optional<Result<Buffer>> next();
  // Whether the message that next() gave last was compressed.
  bool last_compressed() const { return last_compressed_; }
  bool has_message() const { return deframer_.has_message() || deframer_.error().has_value(); }
  // The stream may end here, not inside a message.
  bool at_boundary() const { return deframer_.at_boundary(); }
  // Bytes that may be credited to the peer now.
  std::size_t take_credit() { return std::exchange(credit_, 0); }

 private:
  Result<Buffer> decoded(WireMessage message) const;

  const std::size_t max_message_bytes_;
  Deframer deframer_;
  std::optional<Compression> encoding_ = Compression::Identity;
  std::size_t held_ = 0;  // received and not credited
  std::size_t credit_ = 0;
  bool last_compressed_ = false;
  bool awaited_ = false;  // the application waits for the message that is arriving
};

}  // namespace sluice::rpc
