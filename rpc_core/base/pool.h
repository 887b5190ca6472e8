// Recycled memory for what lives as long as one call: coroutine frames, operations, headers. One free list a size and
// thread.
#pragma once

#include <cstddef>
#include <new>

namespace sluice::rpc {

// Blocks of up to kLargestPooled bytes come from the calling thread's free lists (64-byte classes, at most 4 MiB kept);
// larger ones from operator new. A block may be released on another thread than the one that allocated it.
// Off under AddressSanitizer, so that it sees every use after free.
inline constexpr std::size_t kLargestPooled = 4096;
#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool kPoolRecycles = false;
#elif defined(__has_feature)
inline constexpr bool kPoolRecycles = !__has_feature(address_sanitizer);
#else
inline constexpr bool kPoolRecycles = true;
#endif
inline void* pool_allocate(std::size_t bytes);
inline void pool_release(void* block, std::size_t bytes) noexcept;

// The same for standard containers and for Asio's handlers.
template <class T>
class PoolAllocator {
 public:
  using value_type = T;

  PoolAllocator() = default;
  template <class U>
  PoolAllocator(const PoolAllocator<U>&) noexcept {}

  T* allocate(std::size_t count) {
    static_assert(alignof(T) <= __STDCPP_DEFAULT_NEW_ALIGNMENT__);
    if (count > static_cast<std::size_t>(-1) / sizeof(T)) throw std::bad_array_new_length();
    return static_cast<T*>(pool_allocate(count * sizeof(T)));
  }
  void deallocate(T* block, std::size_t count) noexcept { pool_release(block, count * sizeof(T)); }

  friend bool operator==(PoolAllocator, PoolAllocator) { return true; }
};

// A base class whose objects live in the pool: struct Stream : Pooled { … };
// Deleting through a base pointer needs a virtual destructor, as always.
struct Pooled {
  static void* operator new(std::size_t bytes) { return pool_allocate(bytes); }
  static void operator delete(void* block, std::size_t bytes) noexcept { pool_release(block, bytes); }
};

// What the two functions at the top consist of: they are inline because most sizes are known where they are called.
namespace pool {

inline constexpr std::size_t kClassBytes = 64;
inline constexpr std::size_t kClasses = kLargestPooled / kClassBytes;

struct FreeBlock {
  FreeBlock* next;
};

// Trivially destructible, so that an access needs no guard.
struct Lists {
  FreeBlock* heads[kClasses];
  std::size_t room_bytes;  // for more free blocks; none before the thread's first release, and after its end
  bool closed;
};
extern constinit thread_local Lists lists;

// Whether a free list has blocks of this size; 0 bytes wrap around to none.
constexpr bool has_class(std::size_t bytes) { return kPoolRecycles && bytes - 1 < kLargestPooled; }
constexpr std::size_t class_of(std::size_t bytes) { return (bytes - 1) / kClassBytes; }
constexpr std::size_t size_of_class(std::size_t index) { return (index + 1) * kClassBytes; }

void* allocate_slowly(std::size_t bytes);
void release_slowly(void* block, std::size_t bytes) noexcept;

}  // namespace pool

inline void* pool_allocate(std::size_t bytes) {
  if (!pool::has_class(bytes)) return pool::allocate_slowly(bytes);
  pool::FreeBlock*& head = pool::lists.heads[pool::class_of(bytes)];
  pool::FreeBlock* const block = head;
  if (block == nullptr) [[unlikely]]
    return pool::allocate_slowly(bytes);
  head = block->next;
  pool::lists.room_bytes += pool::size_of_class(pool::class_of(bytes));
  return block;
}

inline void pool_release(void* block, std::size_t bytes) noexcept {
  if (block == nullptr) return;
  const std::size_t size = pool::size_of_class(pool::class_of(bytes));
  if (!pool::has_class(bytes) || pool::lists.room_bytes < size) [[unlikely]]
    return pool::release_slowly(block, bytes);
  auto* const freed = static_cast<pool::FreeBlock*>(block);
  pool::FreeBlock*& head = pool::lists.heads[pool::class_of(bytes)];
  freed->next = head;
  head = freed;
  pool::lists.room_bytes -= size;
}

}  // namespace sluice::rpc
