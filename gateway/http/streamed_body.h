// StreamedBody: a response body that is written piece by piece, in chunks or up to the end of the connection.
#pragma once

#include <cstddef>

#include "gateway/http/output.h"
#include "rpc_core/base/buffer.h"
#include "rpc_core/base/loop.h"
#include "rpc_core/base/task.h"
#include "rpc_core/base/task_group.h"
#include "rpc_core/base/waiter.h"

namespace sluice::gateway {

// Small pieces of one loop turn leave together at its end; a large one leaves at once, without being copied. finish()
// is awaited on every path before this goes away.
class StreamedBody final : private rpc::Wakeup {
 public:
  // `head` leaves with the first bytes, or alone at the end of the turn.
  StreamedBody(rpc::Loop& loop, Output& output, rpc::Buffer head, bool chunked);

  // What is small, where there is room: nothing is to be waited for. False: nothing was taken, and write() will tell.
  bool take(const rpc::Buffer& bytes);
  // Resumes when there is room for more. False: the connection is lost, or a stop was requested.
  rpc::Task<bool> write(rpc::Buffer bytes);
  // Writes what is queued, and `tail` behind it.
  rpc::Task<void> finish(rpc::Buffer tail);

 private:
  bool has_room(const rpc::Buffer& bytes) const;
  void queue(const rpc::Buffer& bytes);
  rpc::Task<bool> write_large(rpc::Buffer bytes);
  rpc::Task<void> flush();
  void on_wakeup() override;

  rpc::Loop& loop_;
  Output& output_;
  const bool chunked_;
  rpc::Buffer queued_;
  std::size_t usual_ = 0;  // how much was queued the last time
  rpc::Waiter room_;
  rpc::TaskGroup flushes_;  // at most one
};

}  // namespace sluice::gateway
