// Counts what a test program allocates. Add count_malloc.cc to that program's own sources: it replaces malloc there.
#pragma once

#include <cstdint>

namespace sluice::rpc::testing {

// Of all threads, since the program began. aligned_alloc, posix_memalign, calloc and realloc count as well; so does
// operator new, which calls them.
struct MallocCount {
  std::uint64_t allocations;
  std::uint64_t releases;
};
MallocCount malloc_count();

// False under sanitizers, which replace malloc themselves: a test that counts is skipped then.
bool mallocs_are_counted();

}  // namespace sluice::rpc::testing
