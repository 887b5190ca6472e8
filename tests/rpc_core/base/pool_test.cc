// Tests of the pool: every size, alignment, blocks that change threads, and the two ways to use it.
#include "rpc_core/base/pool.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <map>
#include <random>
#include <thread>
#include <vector>

namespace sluice::rpc {
namespace {

struct Block {
  void* memory;
  std::size_t bytes;
  unsigned char mark;
};

Block take(std::size_t bytes, unsigned char mark) {
  Block block{pool_allocate(bytes), bytes, mark};
  std::memset(block.memory, mark, bytes);
  return block;
}

bool intact(const Block& block) {
  const auto* bytes = static_cast<const unsigned char*>(block.memory);
  for (std::size_t i = 0; i < block.bytes; ++i) {
    if (bytes[i] != block.mark) return false;
  }
  return true;
}

TEST(Pool, GivesAlignedMemoryOfEverySize) {
  std::vector<Block> blocks;
  for (std::size_t bytes = 0; bytes <= kLargestPooled + 130; ++bytes) {
    blocks.push_back(take(bytes, static_cast<unsigned char>(bytes)));
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(blocks.back().memory) % __STDCPP_DEFAULT_NEW_ALIGNMENT__, 0u);
  }
  for (const Block& block : blocks) {
    ASSERT_TRUE(intact(block)) << block.bytes;
    pool_release(block.memory, block.bytes);
  }
}

TEST(Pool, ReleasingNothingDoesNothing) {
  pool_release(nullptr, 100);
}

TEST(Pool, BlocksStayApartUnderRandomUse) {
  std::mt19937 random(1);
  std::vector<Block> blocks;
  for (int i = 0; i < 20'000; ++i) {
    if (blocks.size() < 300 && random() % 2 == 0) {
      blocks.push_back(take(random() % 5000, static_cast<unsigned char>(i)));
      continue;
    }
    if (blocks.empty()) continue;
    std::swap(blocks[random() % blocks.size()], blocks.back());
    ASSERT_TRUE(intact(blocks.back()));
    pool_release(blocks.back().memory, blocks.back().bytes);
    blocks.pop_back();
  }
  for (const Block& block : blocks) pool_release(block.memory, block.bytes);
}

TEST(Pool, BlocksMayBeReleasedOnAnotherThread) {
  std::vector<Block> blocks;
  for (std::size_t bytes = 1; bytes <= 5000; bytes += 7) blocks.push_back(take(bytes, 0x5a));
  std::thread other([&blocks] {
    for (const Block& block : blocks) {
      EXPECT_TRUE(intact(block));
      pool_release(block.memory, block.bytes);
    }
    for (Block& block : blocks) block = take(block.bytes, 0xa5);
  });
  other.join();
  for (const Block& block : blocks) {
    EXPECT_TRUE(intact(block)) << "memory that outlived its thread";
    pool_release(block.memory, block.bytes);
  }
}

struct Object : Pooled {
  explicit Object(int& counter) : alive(counter) { ++alive; }
  virtual ~Object() { --alive; }
  int& alive;
};
struct LargerObject final : Object {
  using Object::Object;
  char more[500] = {};
};

TEST(Pool, PooledObjectsAreCreatedAndDestroyed) {
  int alive = 0;
  const Object* object = new LargerObject(alive);
  EXPECT_EQ(alive, 1);
  delete object;
  EXPECT_EQ(alive, 0);
}

TEST(Pool, AllocatorServesContainers) {
  std::map<int, int, std::less<>, PoolAllocator<std::pair<const int, int>>> map;
  std::vector<int, PoolAllocator<int>> vector;
  for (int i = 0; i < 3000; ++i) {
    map[i] = i;
    vector.push_back(i);
  }
  EXPECT_EQ(map.size(), 3000u);
  EXPECT_EQ(vector[2999], 2999);
  EXPECT_THROW(PoolAllocator<int>().allocate(SIZE_MAX / 2), std::bad_array_new_length);
}

}  // namespace
}  // namespace sluice::rpc
