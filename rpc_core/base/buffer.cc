#include "rpc_core/base/buffer.h"

#include <bit>

#include "rpc_core/base/pool.h"

namespace sluice::rpc {
namespace {

constexpr std::size_t kSmallest = 256;
constexpr std::size_t kLargestKept = 64 * 1024;
constexpr std::size_t kClasses = std::bit_width(kLargestKept / kSmallest);
constexpr std::size_t kMostKeptBytes = 4 << 20;

// Free storage of this thread, by power of two. Blocks of up to kLargestPooled bytes go through pool.h instead.
class Storage {
 public:
  ~Storage() {
    for (auto& head : heads_) {
      while (head != nullptr) {
        Block* next = head->next;
        ::operator delete(head);
        head = next;
      }
    }
  }

  std::byte* take(std::size_t capacity) {
    Block*& head = heads_[index_of(capacity)];
    if (head == nullptr) return static_cast<std::byte*>(::operator new(capacity));
    Block* block = head;
    head = block->next;
    kept_bytes_ -= capacity;
    return reinterpret_cast<std::byte*>(block);
  }

  void give_back(std::byte* bytes, std::size_t capacity) {
    if (kept_bytes_ + capacity > kMostKeptBytes) return ::operator delete(bytes);
    auto* block = reinterpret_cast<Block*>(bytes);
    Block*& head = heads_[index_of(capacity)];
    block->next = head;
    head = block;
    kept_bytes_ += capacity;
  }

 private:
  struct Block {
    Block* next;
  };
  static std::size_t index_of(std::size_t capacity) { return std::bit_width(capacity / kSmallest) - 1; }

  Block* heads_[kClasses] = {};
  std::size_t kept_bytes_ = 0;
};

Storage& storage_of_thread() {
  static thread_local Storage storage;
  return storage;
}

bool from_storage(std::size_t capacity) {
  return kPoolRecycles && capacity > kLargestPooled && capacity <= kLargestKept;
}

std::size_t rounded(std::size_t bytes) {
  if (bytes <= kSmallest) return kSmallest;
  return bytes <= kLargestKept ? std::bit_ceil(bytes) : bytes;
}

std::byte* allocate(std::size_t capacity) {
  if (from_storage(capacity)) return storage_of_thread().take(capacity);
  return static_cast<std::byte*>(pool_allocate(capacity));
}

}  // namespace

Buffer Buffer::copy_of(std::string_view text, std::size_t headroom) {
  return copy_of(std::as_bytes(std::span(text)), headroom);
}

Buffer Buffer::copy_of(std::span<const std::byte> bytes, std::size_t headroom) {
  Buffer buffer(headroom, bytes.size());
  buffer.append(bytes);
  return buffer;
}

void Buffer::reset(std::size_t headroom, std::size_t capacity) {
  if (headroom + capacity > capacity_) {
    if (storage_ != nullptr) release();
    const std::size_t total = rounded(headroom + capacity);
    storage_ = allocate(total);
    capacity_ = total;
  }
  begin_ = end_ = headroom;
}

std::byte* Buffer::prepend(std::size_t count) {
  if (begin_ < count) {
    Buffer larger(count, size());
    larger.append(bytes());
    swap(larger);
  }
  begin_ -= count;
  return data();
}

void Buffer::grow(std::size_t more) {
  const std::size_t needed = size() + more;
  const std::size_t doubled = capacity_ - begin_ + capacity_ / 2;
  Buffer larger(begin_, needed > doubled ? needed : doubled);
  if (!empty()) larger.append(bytes());
  swap(larger);
}

void Buffer::release() noexcept {
  if (from_storage(capacity_)) {
    storage_of_thread().give_back(storage_, capacity_);
  } else {
    pool_release(storage_, capacity_);
  }
  storage_ = nullptr;
  capacity_ = begin_ = end_ = 0;
}

}  // namespace sluice::rpc
