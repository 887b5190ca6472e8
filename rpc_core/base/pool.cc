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
  std::size_t kept_bytes;
  bool closed;
};
constinit thread_local Lists lists{};

struct Cleaner {
  ~Cleaner() {
    for (FreeBlock*& head : lists.heads) {
      while (head != nullptr) {
        FreeBlock* next = head->next;
        ::operator delete(head);
        head = next;
      }
    }
    lists.kept_bytes = 0;
    lists.closed = true;
  }
  void touch() {}
};

// The thread has blocks, or is about to: its end gives them back.
void clean_at_thread_end() {
  static thread_local Cleaner cleaner;
  cleaner.touch();
}

std::size_t class_of(std::size_t bytes) { return bytes == 0 ? 0 : (bytes - 1) / kClassBytes; }

void* allocate_slowly(std::size_t index) {
  clean_at_thread_end();
  return ::operator new((index + 1) * kClassBytes);
}

}  // namespace

void* pool_allocate(std::size_t bytes) {
  if (!kPoolRecycles || bytes > kLargestPooled) return ::operator new(bytes);
  const std::size_t index = class_of(bytes);
  FreeBlock* block = lists.heads[index];
  if (block == nullptr) return allocate_slowly(index);
  lists.heads[index] = block->next;
  lists.kept_bytes -= (index + 1) * kClassBytes;
  return block;
}

void pool_release(void* block, std::size_t bytes) noexcept {
  if (block == nullptr) return;
  const std::size_t index = class_of(bytes);
  const std::size_t size = (index + 1) * kClassBytes;
  if (!kPoolRecycles || bytes > kLargestPooled || lists.closed || lists.kept_bytes + size > kMostKeptBytes) {
    ::operator delete(block);
    return;
  }
  if (lists.kept_bytes == 0) clean_at_thread_end();
  auto* free_block = static_cast<FreeBlock*>(block);
  free_block->next = lists.heads[index];
  lists.heads[index] = free_block;
  lists.kept_bytes += size;
}

}  // namespace sluice::rpc
