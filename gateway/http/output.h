// Output: the writes of one connection, one after another, each under the write timeout.
#pragma once

#include <cstddef>

#include "rpc_core/base/clock.h"
#include "rpc_core/base/loop.h"
#include "rpc_core/base/task.h"
#include "rpc_core/base/waiter.h"
#include "rpc_core/transport/byte_stream.h"

namespace sluice::gateway {

// A client that takes nothing for the length of the timeout loses its connection. Large writes go out in slices, so
// that one that is slow, but takes something, keeps it.
class Output final : private rpc::Timer {
 public:
  Output(rpc::Loop& loop, rpc::ByteStream& stream, rpc::Duration timeout)
      : loop_(loop), stream_(stream), timeout_(timeout), free_(loop) {}

  // Writes all of the pieces, behind a write that is under way. False: the connection is lost.
  // While one write runs, one more may wait.
  rpc::Task<bool> write(rpc::ByteStream::Pieces pieces);
  bool busy() const { return busy_; }
  bool lost() const { return lost_; }
  // It was lost because nobody took anything.
  bool timed_out() const { return timed_out_; }

 private:
  rpc::Task<void> write_slices(rpc::ByteStream::Pieces pieces);
  void on_timer() override {
    timed_out_ = true;
    stream_.close();
  }

  rpc::Loop& loop_;
  rpc::ByteStream& stream_;
  const rpc::Duration timeout_;
  rpc::Waiter free_;
  bool busy_ = false;
  bool lost_ = false;
  bool timed_out_ = false;
};

}  // namespace sluice::gateway
