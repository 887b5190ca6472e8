#include "rpc_core/http2/pooled_memory.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <limits>
#include <new>

#include "rpc_core/base/pool.h"

namespace sluice::rpc::http2 {
namespace {

// In front of each block, as nghttp2 does not say how large what it gives back was.
struct alignas(std::max_align_t) Header {
  std::size_t bytes;  // with the header
};

void* allocate(std::size_t bytes, void*) noexcept {
  if (bytes > std::numeric_limits<std::size_t>::max() - sizeof(Header)) return nullptr;
  try {
    auto* header = static_cast<Header*>(pool_allocate(bytes + sizeof(Header)));
    header->bytes = bytes + sizeof(Header);
    return header + 1;
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}

void release(void* block, void*) noexcept {
  if (block == nullptr) return;
  Header* header = static_cast<Header*>(block) - 1;
  pool_release(header, header->bytes);
}

void* allocate_zeros(std::size_t count, std::size_t size, void*) noexcept {
  if (size != 0 && count > std::numeric_limits<std::size_t>::max() / size) return nullptr;
  void* block = allocate(count * size, nullptr);
  if (block != nullptr) std::memset(block, 0, count * size);
  return block;
}

void* reallocate(void* block, std::size_t bytes, void*) noexcept {
  void* larger = allocate(bytes, nullptr);
  if (larger == nullptr || block == nullptr) return larger;
  const std::size_t before = (static_cast<Header*>(block) - 1)->bytes - sizeof(Header);
  std::memcpy(larger, block, std::min(before, bytes));
  release(block, nullptr);
  return larger;
}

}  // namespace

nghttp2_mem* pooled_memory() {
  static nghttp2_mem memory{nullptr, allocate, release, allocate_zeros, reallocate};
  return &memory;
}

}  // namespace sluice::rpc::http2
