// The character classes: each byte, at each place of texts of several lengths.
#include "gateway/http/characters.h"

#include <gtest/gtest.h>

#include <string>

namespace sluice::gateway {
namespace {

// Calls check(text, byte) for each byte at each place of texts of up to 17 characters, which are 'a' elsewhere.
template <class Check>
void for_each_byte_everywhere(Check check) {
  for (std::size_t size = 1; size <= 17; ++size) {
    for (std::size_t place = 0; place < size; ++place) {
      std::string text(size, 'a');
      for (int byte = 0; byte < 256; ++byte) {
        text[place] = static_cast<char>(byte);
        check(text, byte);
      }
    }
  }
}

TEST(Characters, FieldValueHasTabsAndObsTextToo) {
  EXPECT_TRUE(is_field_value(""));
  for_each_byte_everywhere([](const std::string& text, int byte) {
    ASSERT_EQ(is_field_value(text), (byte >= 0x20 && byte != 0x7F) || byte == '\t') << byte << " in " << text.size();
  });
}

TEST(Characters, VisibleAsciiHasNoSpace) {
  for_each_byte_everywhere([](const std::string& text, int byte) {
    ASSERT_EQ(is_visible_ascii(text), byte > 0x20 && byte <= 0x7E) << byte << " in " << text.size();
  });
}

TEST(Characters, ToLowerChangesAsciiLettersOnly) {
  for (int byte = 0; byte < 256; ++byte) {
    const bool is_upper = byte >= 'A' && byte <= 'Z';
    ASSERT_EQ(to_lower(static_cast<char>(byte)), static_cast<char>(is_upper ? byte + 32 : byte)) << byte;
  }
}

}  // namespace
}  // namespace sluice::gateway
