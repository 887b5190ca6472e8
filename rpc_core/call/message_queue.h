// MessageQueue: a bounded queue of messages between two coroutines of one loop.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>

#include "rpc_core/base/buffer.h"
#include "rpc_core/base/waiter.h"

namespace sluice::rpc {

// One pushes, one pops, both at once if they like.
class MessageQueue {
 public:
  // Push waits while more than `capacity` messages stand in the queue.
  MessageQueue(Loop& loop, std::size_t capacity) : capacity_(capacity), not_full_(loop), not_empty_(loop) {}

  // Takes the message, then waits for room for another. False: the queue was closed, or a stop was requested first.
  Task<bool> push(Buffer message);
  // Nothing: the queue is closed and empty, or a stop was requested while it was empty.
  Task<std::optional<Buffer>> pop();

  // No more messages: those in the queue can still be popped, or are dropped.
  void close();
  void close_and_drop();
  bool closed() const { return closed_; }

 private:
  std::size_t capacity_;
  std::deque<Buffer> messages_;
  bool closed_ = false;
  Waiter not_full_;
  Waiter not_empty_;
};

}  // namespace sluice::rpc
