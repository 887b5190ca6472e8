#include "rpc_core/wire/framing.h"

#include <algorithm>
#include <string>

namespace sluice::rpc {

void prepend_prefix(Buffer& message, bool compressed) {
  const std::size_t size = message.size();
  std::byte* prefix = message.prepend(kMessagePrefixBytes);
  prefix[0] = static_cast<std::byte>(compressed ? 1 : 0);
  for (int i = 0; i < 4; ++i) prefix[1 + i] = static_cast<std::byte>(size >> (24 - 8 * i));
}

void Deframer::feed(std::span<const std::byte> bytes) {
  while (!bytes.empty() && !error_) {
    if (prefix_size_ < kMessagePrefixBytes) {
      feed_prefix(bytes);
      continue;
    }
    const auto part = bytes.first(std::min(bytes.size(), missing_));
    current_.bytes.append(part);
    missing_ -= part.size();
    bytes = bytes.subspan(part.size());
    if (missing_ == 0) finish_message();
  }
}

void Deframer::feed_prefix(std::span<const std::byte>& bytes) {
  const std::size_t count = std::min(bytes.size(), kMessagePrefixBytes - prefix_size_);
  std::copy_n(bytes.begin(), count, prefix_ + prefix_size_);
  prefix_size_ += count;
  bytes = bytes.subspan(count);
  if (prefix_size_ == kMessagePrefixBytes) start_message();
}

void Deframer::start_message() {
  const auto flag = std::to_integer<unsigned>(prefix_[0]);
  std::size_t length = 0;
  for (int i = 1; i <= 4; ++i) length = length << 8 | std::to_integer<std::size_t>(prefix_[i]);
  if (flag > 1) {
    error_ = Status(StatusCode::Internal,
                    "message prefix: expected a compression flag of 0 or 1, got " + std::to_string(flag));
    return;
  }
  if (length > max_message_bytes_) {
    error_ = Status(StatusCode::ResourceExhausted, "received message of " + std::to_string(length) +
                                                       " bytes, larger than the limit of " +
                                                       std::to_string(max_message_bytes_));
    return;
  }
  current_.compressed = flag == 1;
  current_.bytes.reset(kMessagePrefixBytes, length);
  missing_ = length;
  if (missing_ == 0) finish_message();
}

void Deframer::finish_message() {
  messages_.push_back(std::move(current_));
  ++completed_;
  current_ = WireMessage();
  prefix_size_ = 0;
}

std::optional<WireMessage> Deframer::next() {
  if (messages_.empty()) return std::nullopt;
  std::optional<WireMessage> message(std::move(messages_.front()));
  messages_.pop_front();
  return message;
}

void Deframer::clear() {
  messages_.clear();
  current_ = WireMessage();
}

}  // namespace sluice::rpc
