// Queueing, flushing and back-pressure of streamed bodies.
#include "gateway/http/streamed_body.h"

#include <algorithm>
#include <array>
#include <span>

#include "gateway/http/response_writer.h"

namespace sluice::gateway {
namespace {

constexpr std::size_t kMostQueued = 64 * 1024;  // a whole block of the pool
constexpr std::size_t kMostChunkFraming = 32;
// Copying less than this costs less than waking the client's side for it.
constexpr std::size_t kLarge = 48 * 1024;

}  // namespace

StreamedBody::StreamedBody(rpc::Loop& loop, Output& output, rpc::Buffer head, bool chunked)
    : loop_(loop), output_(output), chunked_(chunked), queued_(std::move(head)), room_(loop), flushes_(loop) {
  loop_.post_last(*this);
}

bool StreamedBody::take(const rpc::Buffer& bytes) {
  if (output_.lost() || bytes.empty() || bytes.size() >= kLarge || !has_room(bytes)) return false;
  queue(bytes);
  return true;
}

bool StreamedBody::has_room(const rpc::Buffer& bytes) const {
  return queued_.empty() || queued_.size() + bytes.size() + kMostChunkFraming <= kMostQueued;
}

void StreamedBody::queue(const rpc::Buffer& bytes) {
  if (queued_.capacity() == 0) queued_.reset(0, usual_);
  if (chunked_) append_chunk_size(queued_, bytes.size());
  queued_.append(bytes.bytes());
  if (chunked_) queued_.append(kChunkEnd);
  if (flushes_.size() == 0) loop_.post_last(*this);
}

rpc::Task<bool> StreamedBody::write(rpc::Buffer bytes) {
  if (output_.lost()) co_return false;
  if (bytes.empty()) co_return true;
  if (bytes.size() >= kLarge) {
    const bool written = co_await write_large(std::move(bytes));
    co_return written;
  }
  while (!has_room(bytes)) {
    if (bool room = co_await room_.wait(); !room) co_return false;
    if (output_.lost()) co_return false;
  }
  queue(bytes);
  co_return true;
}

rpc::Task<bool> StreamedBody::write_large(rpc::Buffer bytes) {
  while (flushes_.size() != 0) {
    if (bool room = co_await room_.wait(); !room) co_return false;
  }
  unqueue();
  if (chunked_) append_chunk_size(queued_, bytes.size());
  const std::string_view end = chunked_ ? kChunkEnd : std::string_view();
  const std::array<std::span<const std::byte>, 3> pieces = {queued_.bytes(), bytes.bytes(),
                                                            std::as_bytes(std::span(end))};
  const bool written = co_await output_.write(pieces);
  queued_.clear();
  co_return written;
}

rpc::Task<void> StreamedBody::finish(rpc::Buffer tail) {
  unqueue();
  co_await flushes_.join();
  queued_.append(tail.bytes());
  co_await flush();
}

void StreamedBody::on_wakeup() {
  if (flushes_.size() == 0) flushes_.spawn(flush());
}

rpc::Task<void> StreamedBody::flush() {
  while (!queued_.empty() && !output_.lost()) {
    const rpc::Buffer flying = std::exchange(queued_, rpc::Buffer());
    usual_ = std::min(flying.size(), kMostQueued);
    const std::span<const std::byte> piece = flying.bytes();
    co_await output_.write({&piece, 1});
    room_.notify();
  }
}

}  // namespace sluice::gateway
