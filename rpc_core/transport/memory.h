// Two ByteStreams joined in memory, for tests and for calls inside one process; either end can be made to fail.
#pragma once

#include <cstddef>
#include <limits>
#include <memory>
#include <utility>

#include "rpc_core/base/loop.h"
#include "rpc_core/transport/byte_stream.h"

namespace sluice::rpc {

struct MemoryStreamOptions {
  // How many bytes may be on the way in one direction; a writer waits beyond that.
  std::size_t capacity = 1 << 20;
  // The most that one read gives: 1 delivers everything byte by byte.
  std::size_t largest_read = std::numeric_limits<std::size_t>::max();
  // The n-th operation (read or write, counted from 1) of the first end fails as a lost connection does; 0: none.
  std::size_t fail_at = 0;
};

// Both ends belong to the same loop.
std::pair<std::unique_ptr<ByteStream>, std::unique_ptr<ByteStream>> memory_pair(Loop& loop,
                                                                                MemoryStreamOptions options = {});

}  // namespace sluice::rpc
