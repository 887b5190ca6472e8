#include "gateway/transcode/byte_scan.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sluice::gateway {
namespace {

// What stands behind the text is no part of the block.
TEST(Block16Test, TakesShortTextsFilledUpWithSpaces) {
  const std::string letters = "abcdefghijklmnop";
  for (std::size_t size = 0; size <= Block16::kSize; ++size) {
    const std::string text = letters.substr(0, size) + std::string(Block16::kSize, '"');
    std::string stored(Block16::kSize, '?');
    const Block16 block(text.data(), size);
    block.store(stored.data());
    EXPECT_EQ(stored, letters.substr(0, size) + std::string(Block16::kSize - size, ' ')) << size;
    EXPECT_EQ(block.special(), 0u) << size;
    EXPECT_EQ(block.plain(size), size);
  }
}

TEST(Block16Test, CountsThePlainBytesBeforeASpecialOne) {
  for (const char special : {'"', '\\', '\n', '\x1f', '\x80', '\xff'}) {
    for (std::size_t size = 1; size <= Block16::kSize; ++size) {
      for (std::size_t place = 0; place < size; ++place) {
        std::vector<char> text(size, 'a');  // on the heap, where AddressSanitizer sees a read behind its end
        text[place] = special;
        EXPECT_EQ(Block16(text.data(), size).plain(size), place) << size;
      }
    }
  }
}

}  // namespace
}  // namespace sluice::gateway
