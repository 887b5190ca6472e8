// How much memory a test program holds: for tests that bound what a peer can make it keep.
#pragma once

#include <malloc.h>

#include <cstddef>

namespace sluice::rpc::testing {

// What malloc has given out and not got back. It stands still under sanitizers, which have their own.
inline std::size_t heap_bytes() {
  const struct mallinfo2 info = ::mallinfo2();
  return info.uordblks + info.hblkhd;
}

}  // namespace sluice::rpc::testing
