#include "rpc_core/wire/message_receiver.h"

#include <algorithm>
#include <utility>

namespace sluice::rpc {

std::size_t MessageReceiver::receive(std::span<const std::byte> bytes) {
  deframer_.feed(bytes);
  held_ += bytes.size();
  if (awaited_ && !deframer_.has_message()) return std::exchange(held_, 0);
  return 0;
}

std::optional<Result<Buffer>> MessageReceiver::next() {
  awaited_ = false;
  if (std::optional<WireMessage> message = deframer_.next()) {
    const std::size_t taken = std::min(held_, message->bytes.size() + kMessagePrefixBytes);
    held_ -= taken;
    credit_ += taken;
    last_compressed_ = message->compressed;
    return decoded(*std::move(message));
  }
  if (deframer_.error()) return fail(*deframer_.error());
  awaited_ = true;
  credit_ += std::exchange(held_, 0);
  return std::nullopt;
}

Result<Buffer> MessageReceiver::decoded(WireMessage message) const {
  if (!message.compressed) return std::move(message.bytes);
  if (!encoding_) {
    return fail(StatusCode::Internal, "received a message compressed in an unknown grpc-encoding");
  }
  if (*encoding_ == Compression::Identity) {
    return fail(StatusCode::Internal, "received a compressed message, but grpc-encoding names no compression");
  }
  return decompress(message.bytes.bytes(), *encoding_, max_message_bytes_);
}

}  // namespace sluice::rpc
