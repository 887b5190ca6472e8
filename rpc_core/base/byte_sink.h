// ByteSink: where the bytes of a stream go as they arrive, while nobody may act on them yet.
#pragma once

#include <cstddef>
#include <span>

namespace sluice::rpc {

class ByteSink {
 public:
  // Only takes the bytes. Returns how many the peer may send anew at once (flow control); the others are credited later.
  virtual std::size_t receive(std::span<const std::byte> bytes) = 0;
  // How many messages have become complete since this was asked last.
  virtual std::size_t take_completed() { return 0; }

 protected:
  ~ByteSink() = default;
};

}  // namespace sluice::rpc
