// Input: what a connection has received and nobody has consumed yet; it keeps reading while a handler runs.
#pragma once

#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include "rpc_core/base/buffer.h"
#include "rpc_core/base/loop.h"
#include "rpc_core/base/stop.h"
#include "rpc_core/base/task.h"
#include "rpc_core/base/waiter.h"
#include "rpc_core/transport/byte_stream.h"

namespace sluice::gateway {

// One coroutine, pump(), reads; another one, the session, waits for bytes and consumes them. A read is always pending
// (up to the bound on unread bytes), so a hang-up is noticed while a handler runs, and the read that notices it is at
// the same time the one for the next request: one read a request.
//
// At rest the buffer has 2 KiB; it grows towards what expect() announces, and with heads that do not fit.
class Input final : private rpc::Wakeup, private rpc::Timer, private rpc::StopListener {
 public:
  // Ended: the peer finished sending, or the connection broke. Stopped: by the waiter's stop token, or by interrupt().
  enum class Event : std::uint8_t { Grown, Ended, TimedOut, Stopped };

  // Reading pauses while `most_unread` bytes or more wait to be consumed.
  Input(rpc::Loop& loop, rpc::ByteStream& stream, std::size_t most_unread)
      : loop_(loop), stream_(stream), most_unread_(most_unread), room_(loop) {}

  // Runs until the end of the input; a stop closes the stream.
  rpc::Task<void> pump();

  std::string_view unread() const { return buffer_.text(); }
  void consume(std::size_t count);
  bool ended() const { return ended_; }

  // How many more bytes belong together with the unread ones, as far as known: the size of the next reads.
  void expect(std::uint64_t bytes) { expected_ = bytes; }

  // Until release() the bytes just consumed stay where they are.
  void hold() { held_in_buffer_ = true; }
  void release() {
    held_in_buffer_ = false;
    held_ = rpc::Buffer();
  }

  // Asks this source to stop when the input ends, at once if it has; nullptr: none any more.
  void stop_at_end(rpc::StopSource* source);

  // Event event = co_await input.wait(deadline); One waiter at a time.
  class Awaiter {
   public:
    Awaiter(Input& input, rpc::TimePoint deadline) : input_(input), deadline_(deadline) {}
    bool await_ready() const noexcept { return false; }
    template <rpc::TaskPromise Parent>
    bool await_suspend(std::coroutine_handle<Parent> parent) {
      return input_.suspend(parent, parent.promise().stop_token(), deadline_);
    }
    Event await_resume() const noexcept { return input_.event_; }

   private:
    Input& input_;
    rpc::TimePoint deadline_;
  };
  Awaiter wait(rpc::TimePoint deadline) { return Awaiter(*this, deadline); }
  // Ends a wait, if there is one, with Stopped.
  void interrupt();

 private:
  bool suspend(std::coroutine_handle<> waiter, rpc::StopToken token, rpc::TimePoint deadline);
  void resume(Event event);
  void resume_later(Event event);
  void on_wakeup() override { resume(event_); }
  void on_timer() override { resume_later(Event::TimedOut); }
  void on_stop() override { resume_later(Event::Stopped); }

  void make_room();
  void replace_buffer(std::size_t capacity);
  void end();

  rpc::Loop& loop_;
  rpc::ByteStream& stream_;
  const std::size_t most_unread_;
  rpc::Buffer buffer_;  // the unread bytes, and behind them the place that is being read into
  rpc::Buffer held_;    // a former buffer_, of which consumed bytes are still held
  std::uint64_t expected_ = 0;
  rpc::Waiter room_;
  rpc::StopSource* stop_at_end_ = nullptr;
  std::coroutine_handle<> waiter_;
  Event event_ = Event::Grown;
  bool held_in_buffer_ = false;
  bool ended_ = false;
};

}  // namespace sluice::gateway
