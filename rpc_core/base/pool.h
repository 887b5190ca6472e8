// Recycled memory for what lives as long as one call: coroutine frames, operations, headers. One free list a size and thread.
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
void* pool_allocate(std::size_t bytes);
void pool_release(void* block, std::size_t bytes) noexcept;

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

}  // namespace sluice::rpc
