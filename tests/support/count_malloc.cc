// Replaces malloc and its kin for the program that it is linked into, and counts their calls. For glibc.
#include "tests/support/count_malloc.h"

#include <atomic>
#include <cerrno>
#include <cstddef>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SLUICE_COUNTS_MALLOC 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define SLUICE_COUNTS_MALLOC 0
#endif
#endif
#if !defined(SLUICE_COUNTS_MALLOC)
#define SLUICE_COUNTS_MALLOC 1
#endif

namespace sluice::rpc::testing {
namespace {

constinit std::atomic<std::uint64_t> allocations = 0;
constinit std::atomic<std::uint64_t> releases = 0;

#if SLUICE_COUNTS_MALLOC
void* allocated(void* block) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  return block;
}
#endif

}  // namespace

MallocCount malloc_count() {
  return {allocations.load(), releases.load()};
}
bool mallocs_are_counted() {
  return SLUICE_COUNTS_MALLOC != 0;
}

}  // namespace sluice::rpc::testing

#if SLUICE_COUNTS_MALLOC

// The C library's own names for what it would have been called by.
extern "C" {
void* __libc_malloc(std::size_t bytes);
void* __libc_calloc(std::size_t count, std::size_t bytes);
void* __libc_realloc(void* block, std::size_t bytes);
void* __libc_memalign(std::size_t alignment, std::size_t bytes);
void __libc_free(void* block);

void* malloc(std::size_t bytes) {
  return sluice::rpc::testing::allocated(__libc_malloc(bytes));
}
void* calloc(std::size_t count, std::size_t bytes) {
  return sluice::rpc::testing::allocated(__libc_calloc(count, bytes));
}
void* realloc(void* block, std::size_t bytes) {
  return sluice::rpc::testing::allocated(__libc_realloc(block, bytes));
}
void* aligned_alloc(std::size_t alignment, std::size_t bytes) {
  return sluice::rpc::testing::allocated(__libc_memalign(alignment, bytes));
}
int posix_memalign(void** block, std::size_t alignment, std::size_t bytes) {
  *block = sluice::rpc::testing::allocated(__libc_memalign(alignment, bytes));
  return *block == nullptr ? ENOMEM : 0;
}
void free(void* block) {
  if (block != nullptr) sluice::rpc::testing::releases.fetch_add(1, std::memory_order_relaxed);
  __libc_free(block);
}
}

#endif
