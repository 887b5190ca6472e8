#include "rpc_core/base/pool.h"

#include <cstdint>

namespace sluice::rpc {
namespace {

constexpr std::size_t kClassBytes = 64;
constexpr std::size_t kClasses = kLargestPooled / kClassBytes;
constexpr std::size_t kMostKeptBytes = 4 << 20;

struct FreeBlock {
  FreeBlock* next;
};

// Trivially destructible, so that an access needs no guard; Cleaner empties it when the thread ends.
struct Lists {
  FreeBlock* heads[kClasses];
  std::size_t room_bytes;  // for more free blocks; none before the thread's first release, and after its end
  bool closed;
};
constinit thread_local Lists lists{};

struct Cleaner {
  Cleaner() { lists.room_bytes = kMostKeptBytes; }
  ~Cleaner() {
    for (FreeBlock*& head : lists.heads) {
      while (head != nullptr) {
        FreeBlock* next = head->next;
        ::operator delete(head);
        head = next;
      }
    }
    lists.room_bytes = 0;
    lists.closed = true;
  }
  void touch() {}
};

// The thread is about to have free blocks: its end gives them back.
void clean_at_thread_end() {
  static thread_local Cleaner cleaner;
  cleaner.touch();
}

// Whether a free list has blocks of this size; 0 bytes wrap around to none.
constexpr bool is_pooled(std::size_t bytes) { return kPoolRecycles && bytes - 1 < kLargestPooled; }
constexpr std::size_t class_of(std::size_t bytes) { return (bytes - 1) / kClassBytes; }
constexpr std::size_t size_of_class(std::size_t index) { return (index + 1) * kClassBytes; }

[[gnu::noinline]] void* allocate_slowly(std::size_t bytes) {
  return ::operator new(is_pooled(bytes) ? size_of_class(class_of(bytes)) : bytes);
}

[[gnu::noinline]] void release_slowly(void* block, std::size_t bytes) noexcept {
  if (is_pooled(bytes) && !lists.closed && lists.room_bytes == 0) {
    clean_at_thread_end();
    if (lists.room_bytes != 0) return pool_release(block, bytes);
  }
  ::operator delete(block);
}

}  // namespace

void* pool_allocate(std::size_t bytes) {
  if (!is_pooled(bytes)) return allocate_slowly(bytes);
  FreeBlock*& head = lists.heads[class_of(bytes)];
  FreeBlock* const block = head;
  if (block == nullptr) return allocate_slowly(bytes);
  head = block->next;
  lists.room_bytes += size_of_class(class_of(bytes));
  return block;
}

void pool_release(void* block, std::size_t bytes) noexcept {
  if (block == nullptr) return;
  if (!is_pooled(bytes)) return release_slowly(block, bytes);
  const std::size_t size = size_of_class(class_of(bytes));
  if (lists.room_bytes < size) return release_slowly(block, bytes);
  auto* const freed = static_cast<FreeBlock*>(block);
  FreeBlock*& head = lists.heads[class_of(bytes)];
  freed->next = head;
  head = freed;
  lists.room_bytes -= size;
}

}  // namespace sluice::rpc
