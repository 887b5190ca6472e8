#include "rpc_core/http2/connection.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <string>

#include "rpc_core/base/task_group.h"

namespace sluice::rpc::http2 {
namespace {

// A read buffer is small while little comes, and grows for a peer that fills it.
constexpr std::size_t kSmallestRead = 4 * 1024;
constexpr std::size_t kLargestRead = 64 * 1024;
constexpr std::size_t kLargestWrite = 256 * 1024;
constexpr Duration kLongestClose = std::chrono::seconds(1);

std::size_t next_read_size(std::size_t size, std::size_t filled) {
  if (filled == size) return std::min(size * 4, kLargestRead);
  if (filled < size / 8) return std::max(size / 4, kSmallestRead);
  return size;
}

}  // namespace

Connection::Connection(Loop& loop, std::unique_ptr<ByteStream> bytes, Role role, const SessionOptions& options)
    : loop_(loop),
      bytes_(std::move(bytes)),
      session_(loop, role, options, flush_),
      accepted_(loop),
      life_(loop, *this, options.life, role == Role::Client) {}

void Connection::Flush::on_wakeup() {
  if (writer_) {
    std::exchange(writer_, nullptr).resume();
  } else {
    pending_ = true;
  }
}

Task<Status> Connection::run() {
  const StopToken token = co_await current_stop();
  life_.start();
  {
    const StopCallback on_stop(token, [this] { close(ErrorCode::NoError); });
    const auto both = [this](TaskGroup& group) -> Task<void> {
      group.spawn(guard(write_loop()));
      co_await guard(read_loop());
    };
    // The loops end by close(), not by the token: what is left to say is still written.
    co_await run_in_group(loop_, both).with_stop(StopToken());
  }
  co_return status_;
}

Task<void> Connection::guard(Task<void> loop) {
  try {
    co_await std::move(loop);
  } catch (const std::exception& exception) {
    end(Status(StatusCode::Internal, std::string("the connection failed: ") + exception.what()));
  }
}

Task<void> Connection::read_loop() {
  std::size_t size = kSmallestRead;
  Buffer buffer(0, size);
  while (running_) {
    if (buffer.capacity() < size || buffer.capacity() > 2 * size) buffer = Buffer(0, size);
    const Result<std::size_t> count = co_await bytes_->read_some({buffer.reserve(size), size});
    if (!count) {
      end(count.error());
    } else if (*count == 0) {
      end(Status());
    } else if (running_) {  // a failed write may have ended it since the bytes came
      received({buffer.data(), *count});
      size = next_read_size(size, *count);
    }
  }
}

void Connection::received(std::span<const std::byte> bytes) {
  life_.bytes_received();
  if (ending_) return;
  const bool was_ready = session_.peer_ready();
  const bool had_goaway = session_.goaway_received();
  if (const Result<void> fed = session_.feed(bytes); !fed) {
    status_ = fed.error();
    close(ErrorCode::ProtocolError);
  }
  life_.streams_changed(session_.open_streams());
  life_.header_block(session_.header_block());
  accepted_.notify();
  if (was_ready != session_.peer_ready() || had_goaway != session_.goaway_received()) notify_watcher();
}

Task<void> Connection::write_loop() {
  while (running_) {
    co_await flush_;
    while (running_) {
      const Result<void> drained = session_.drain(output_, kLargestWrite);
      if (!drained) end(drained.error());
      if (output_.empty()) break;
      life_.write_started();
      const Result<std::size_t> written = co_await bytes_->write(output_.pieces());
      life_.write_ended();
      output_.clear();
      if (written) session_.count_sent(*written);
      if (!written) end(written.error());
    }
    life_.streams_changed(session_.open_streams());
    if (running_) life_.data_waits(session_.unsent_bytes(), session_.data_sent());
    if (running_ && (ending_ || session_.finished())) end(status_);
  }
}

// Closing the bytes ends the reader; the flush ends the writer.
void Connection::end(Status status) {
  if (!running_) return;
  running_ = false;
  status_ = std::move(status);
  life_.stop();
  bytes_->close();
  session_.connection_lost();
  loop_.post_last(flush_);
  notify_watcher();
  accepted_.notify();
}

void Connection::notify_watcher() {
  if (watcher_ != nullptr) watcher_->notify();
}

Task<StreamPtr> Connection::accept() {
  while (true) {
    StreamPtr stream = session_.accept();
    if (stream || !running_) co_return std::move(stream);
    if (bool notified = co_await accepted_.wait(); !notified) co_return StreamPtr();
  }
}

void Connection::shut_down(std::string_view reason) {
  if (!running_) return;
  session_.shut_down(reason);
  life_.drain_started();
}

void Connection::finish_notice() {
  if (running_) session_.finish_notice();
}

void Connection::ping() {
  if (running_) session_.ping();
}

void Connection::close(ErrorCode code) {
  if (!running_ || ending_) return;
  ending_ = true;
  session_.terminate(code);
  loop_.schedule(close_timer_, deadline_after(loop_.now(), kLongestClose));
}

}  // namespace sluice::rpc::http2
