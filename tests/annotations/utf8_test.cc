// UTF-8 validation against a decoder that works code point by code point.
#include "annotations/utf8.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace sluice::http_rule {
namespace {

std::string encode(std::uint32_t point) {
  const auto tail = [point](int shift) { return static_cast<char>(0x80 | ((point >> shift) & 0x3F)); };
  if (point < 0x80) return {static_cast<char>(point)};
  if (point < 0x800) return {static_cast<char>(0xC0 | (point >> 6)), tail(0)};
  if (point < 0x10000) return {static_cast<char>(0xE0 | (point >> 12)), tail(6), tail(0)};
  return {static_cast<char>(0xF0 | (point >> 18)), tail(12), tail(6), tail(0)};
}

TEST(Utf8, AcceptsEveryCodePointButSurrogates) {
  for (std::uint32_t point = 0; point <= 0x110010; ++point) {
    const bool valid = point <= 0x10FFFF && (point < 0xD800 || point > 0xDFFF);
    ASSERT_EQ(is_utf8(encode(point)), valid) << point;
  }
}

TEST(Utf8, RejectsMalformedSequences) {
  const std::string_view cases[] = {
      "\x80", "\xBF", "\xC0\x80", "\xC1\xBF",  "\xE0\x80\x80", "\xE0\x9F\xBF",  "\xF0\x8F\xBF\xBF", "\xF5\x80\x80\x80",
      "\xFE", "\xFF", "\xC3(",    "\xE2\x82(", "\xE2(\xA1",    "\xF0\x90\x80(", "\xC3\xC3",
  };
  for (const std::string_view text : cases) EXPECT_FALSE(is_utf8(text)) << testing::PrintToString(text);
}

TEST(Utf8, RejectsEveryCutInsideASequenceWhereverItStands) {
  for (const std::string_view sequence : {"\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x99\x82"}) {
    for (std::size_t ascii = 0; ascii < 20; ++ascii) {
      const std::string before(ascii, 'a');
      EXPECT_TRUE(is_utf8(before + std::string(sequence) + "tail of ascii"));
      for (std::size_t size = 1; size < sequence.size(); ++size) {
        EXPECT_FALSE(is_utf8(before + std::string(sequence.substr(0, size))));
        EXPECT_FALSE(is_utf8(before + std::string(sequence.substr(0, size)) + "tail of ascii"));
      }
    }
  }
}

}  // namespace
}  // namespace sluice::http_rule
