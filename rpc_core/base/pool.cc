// What the pool does where a free list is empty or full.
#include "rpc_core/base/pool.h"

namespace sluice::rpc::pool {
namespace {

constexpr std::size_t kMostKeptBytes = 4 << 20;

// Empties the lists when the thread ends.
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

}  // namespace

constinit thread_local Lists lists{};

void* allocate_slowly(std::size_t bytes) {
  return ::operator new(has_class(bytes) ? size_of_class(class_of(bytes)) : bytes);
}

void release_slowly(void* block, std::size_t bytes) noexcept {
  if (has_class(bytes) && !lists.closed && lists.room_bytes == 0) {
    clean_at_thread_end();
    if (lists.room_bytes != 0) return pool_release(block, bytes);
  }
  ::operator delete(block);
}

}  // namespace sluice::rpc::pool
