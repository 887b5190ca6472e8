#include "rpc_core/call/message_queue.h"

namespace sluice::rpc {

Task<bool> MessageQueue::push(Buffer message) {
  if (closed_) co_return false;
  messages_.push_back(std::move(message));
  not_empty_.notify();
  while (!closed_ && messages_.size() > capacity_) {
    const bool notified = co_await not_full_.wait();
    if (!notified && messages_.size() > capacity_) co_return false;
  }
  co_return !closed_;
}

Task<std::optional<Buffer>> MessageQueue::pop() {
  while (messages_.empty()) {
    if (closed_) co_return std::nullopt;
    const bool notified = co_await not_empty_.wait();
    if (!notified && messages_.empty()) co_return std::nullopt;
  }
  std::optional<Buffer> message = std::move(messages_.front());
  messages_.pop_front();
  not_full_.notify();
  co_return message;
}

void MessageQueue::close() {
  closed_ = true;
  not_empty_.notify();
  not_full_.notify();
}

void MessageQueue::close_and_drop() {
  messages_.clear();
  close();
}

}  // namespace sluice::rpc
