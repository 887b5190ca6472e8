// Reading ahead, and the buffer that it reads into.
#include "gateway/http/input.h"

#include <algorithm>
#include <span>

namespace sluice::gateway {
namespace {

constexpr std::size_t kAtRest = 2 * 1024;
constexpr std::size_t kLeastRead = 512;
constexpr std::size_t kLargestRead = 64 * 1024;
constexpr std::size_t kGrowth = 4;

}  // namespace

rpc::Task<void> Input::pump() {
  const rpc::StopToken token = co_await rpc::current_stop();
  const rpc::StopCallback on_stop(token, [this] { stream_.close(); });
  while (!ended_) {
    if (buffer_.size() >= most_unread_) {
      if (bool room = co_await room_.wait(); !room) break;
      continue;
    }
    make_room();
    const std::span<std::byte> space(buffer_.reserve(0), std::min(buffer_.tailroom(), kLargestRead));
    const rpc::Result<std::size_t> count = co_await stream_.read_some(space);
    if (!count || *count == 0) break;
    buffer_.commit(*count);
    // In line, not by the loop: this frame is resumed by the loop only, so the stack cannot grow by it.
    if (waiter_) resume(Event::Grown);
  }
  end();
}

void Input::consume(std::size_t count) {
  buffer_.remove_prefix(count);
  room_.notify();
}

void Input::stop_at_end(rpc::StopSource* source) {
  stop_at_end_ = source;
  if (source != nullptr && ended_) source->request_stop();
}

void Input::end() {
  ended_ = true;
  if (stop_at_end_ != nullptr) stop_at_end_->request_stop();
  if (waiter_) resume(Event::Ended);
}

bool Input::suspend(std::coroutine_handle<> waiter, rpc::StopToken token, rpc::TimePoint deadline) {
  if (ended_ || token.stop_requested()) {
    event_ = ended_ ? Event::Ended : Event::Stopped;
    return false;
  }
  waiter_ = waiter;
  listen(token);
  loop_.schedule(*this, deadline);
  return true;
}

void Input::resume(Event event) {
  event_ = event;
  unqueue();
  unlisten();
  cancel();
  std::exchange(waiter_, nullptr).resume();
}

void Input::resume_later(Event event) {
  event_ = event;
  unlisten();
  cancel();
  loop_.post(*this);
}

void Input::interrupt() {
  if (waiter_) resume_later(Event::Stopped);
}

// Moves bytes only when they do not fit where they are. Where nothing is unread, the memory goes back to its size at
// rest.
void Input::make_room() {
  const std::size_t wanted = std::clamp<std::uint64_t>(expected_, kAtRest, kLargestRead);
  if (!buffer_.empty()) {
    if (buffer_.tailroom() >= kLeastRead) return;
    const std::size_t size = buffer_.size();
    return replace_buffer(std::clamp(kGrowth * size, wanted, size + kLargestRead));
  }
  const bool fits = buffer_.capacity() >= wanted && (wanted > kAtRest || buffer_.capacity() == kAtRest);
  if (held_in_buffer_ || !fits) return replace_buffer(wanted);
  buffer_.reset(0);
}

void Input::replace_buffer(std::size_t capacity) {
  rpc::Buffer larger(0, capacity);
  larger.append(buffer_.bytes());
  buffer_.swap(larger);
  if (!std::exchange(held_in_buffer_, false)) return;
  held_ = std::move(larger);
}

}  // namespace sluice::gateway
