// Tests of Buffer: head-room, growth at both ends, and moves.
#include "rpc_core/base/buffer.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace sluice::rpc {
namespace {

std::string pattern(std::size_t size) {
  std::string text(size, '\0');
  for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>('a' + i % 26);
  return text;
}

TEST(Buffer, IsEmptyAndOwnsNothingByDefault) {
  const Buffer buffer;
  EXPECT_TRUE(buffer.empty());
  EXPECT_EQ(buffer.capacity(), 0u);
  EXPECT_EQ(buffer.text(), "");
  EXPECT_TRUE(buffer.bytes().empty());
}

TEST(Buffer, KeepsHeadroomWhileItGrows) {
  Buffer buffer(kMessagePrefixBytes);
  const std::string text = pattern(200'000);
  for (const char c : text) buffer.push_back(c);
  EXPECT_EQ(buffer.headroom(), kMessagePrefixBytes);
  EXPECT_EQ(buffer.text(), text);
}

TEST(Buffer, PrependsIntoHeadroomWithoutMoving) {
  Buffer buffer(kMessagePrefixBytes, 10);
  buffer.append("message");
  const std::byte* message = buffer.data();
  std::byte* prefix = buffer.prepend(kMessagePrefixBytes);
  std::memcpy(prefix, "12345", 5);
  EXPECT_EQ(prefix + 5, message);
  EXPECT_EQ(buffer.text(), "12345message");
  EXPECT_EQ(buffer.headroom(), 0u);
}

TEST(Buffer, PrependsWithoutHeadroomByMoving) {
  Buffer buffer = Buffer::copy_of("tail");
  std::memcpy(buffer.prepend(4), "head", 4);
  EXPECT_EQ(buffer.text(), "headtail");
  Buffer empty;
  std::memcpy(empty.prepend(3), "abc", 3);
  EXPECT_EQ(empty.text(), "abc");
}

TEST(Buffer, HoldsWhatWasAskedForAtEverySize) {
  for (const std::size_t capacity : {0u, 1u, 255u, 256u, 257u, 4096u, 4097u, 65536u, 65537u, 1'000'000u}) {
    for (const std::size_t headroom : {0u, 5u, 300u}) {
      Buffer buffer(headroom, capacity);
      EXPECT_EQ(buffer.headroom(), headroom);
      EXPECT_GE(buffer.tailroom(), capacity);
      const std::byte* before = buffer.data();
      buffer.append(pattern(capacity));
      EXPECT_EQ(buffer.text(), pattern(capacity));
      EXPECT_EQ(buffer.data(), before) << "moved within its capacity of " << capacity;
    }
  }
}

TEST(Buffer, CopiesWithHeadroom) {
  const Buffer buffer = Buffer::copy_of("text", 7);
  EXPECT_EQ(buffer.text(), "text");
  EXPECT_EQ(buffer.headroom(), 7u);
  EXPECT_EQ(Buffer::copy_of("").size(), 0u);
}

TEST(Buffer, RemovedBytesBecomeHeadroom) {
  Buffer buffer = Buffer::copy_of("0123456789");
  buffer.remove_prefix(4);
  buffer.truncate(3);
  EXPECT_EQ(buffer.text(), "456");
  EXPECT_EQ(buffer.headroom(), 4u);
}

TEST(Buffer, ResetKeepsMemoryThatFits) {
  Buffer buffer(0, 1000);
  buffer.append(pattern(1000));
  const std::byte* before = buffer.data();
  buffer.reset(5, 900);
  EXPECT_EQ(buffer.data(), before + 5);
  EXPECT_TRUE(buffer.empty());
  const std::size_t larger = buffer.capacity() + 1;
  buffer.reset(0, larger);
  EXPECT_GE(buffer.capacity(), larger);
}

TEST(Buffer, ClearDropsTheBytes) {
  Buffer buffer(5);
  buffer.append("bytes");
  buffer.clear();
  EXPECT_TRUE(buffer.empty());
  EXPECT_EQ(buffer.headroom(), 5u);
}

TEST(Buffer, MovesLeaveTheSourceEmpty) {
  Buffer source = Buffer::copy_of("content", 2);
  const std::byte* bytes = source.data();
  Buffer target(std::move(source));
  EXPECT_EQ(target.data(), bytes);
  EXPECT_EQ(source.capacity(), 0u);
  Buffer other = Buffer::copy_of("old");
  other = std::move(target);
  EXPECT_EQ(other.text(), "content");
  EXPECT_EQ(target.capacity(), 0u);
  Buffer& same = other;
  other = std::move(same);
  EXPECT_EQ(other.text(), "content");
}

TEST(Buffer, ReserveAndCommitAppend) {
  Buffer buffer;
  for (int i = 0; i < 100; ++i) {
    std::memcpy(buffer.reserve(100), pattern(100).data(), 100);
    buffer.commit(37);
  }
  EXPECT_EQ(buffer.size(), 3700u);
  EXPECT_EQ(buffer.text().substr(37, 37), pattern(37));
}

// One random operation on a buffer and on the string that it should equal.
void step(std::mt19937& random, Buffer& buffer, std::string& model) {
  const std::size_t size = random() % 600;
  const std::string text = pattern(size);
  switch (random() % 5) {
    case 0:
    case 1:
      buffer.append(text);
      model += text;
      break;
    case 2:
      if (size != 0) std::memcpy(buffer.prepend(size), text.data(), size);
      model = text + model;
      break;
    case 3:
      buffer.remove_prefix(std::min(size, model.size()));
      model.erase(0, std::min(size, model.size()));
      break;
    default:
      buffer.truncate(std::min(size, model.size()));
      model.resize(std::min(size, model.size()));
  }
}

TEST(Buffer, BehavesLikeAStringUnderRandomOperations) {
  for (unsigned seed = 0; seed < 50; ++seed) {
    std::mt19937 random(seed);
    Buffer buffer(random() % 10);
    std::string model;
    for (int i = 0; i < 400; ++i) {
      step(random, buffer, model);
      ASSERT_EQ(buffer.text(), model) << "seed " << seed << ", operation " << i;
    }
  }
}

}  // namespace
}  // namespace sluice::rpc
