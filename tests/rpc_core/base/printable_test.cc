// Which bytes are printable ASCII, at each place of texts of several lengths.
#include "rpc_core/base/printable.h"

#include <gtest/gtest.h>

#include <string>

namespace sluice::rpc {
namespace {

TEST(Printable, IsFromTheSpaceToTheTilde) {
  EXPECT_TRUE(is_printable_ascii(""));
  for (std::size_t size = 1; size <= 17; ++size) {
    for (std::size_t place = 0; place < size; ++place) {
      std::string text(size, 'a');
      for (int byte = 0; byte < 256; ++byte) {
        text[place] = static_cast<char>(byte);
        ASSERT_EQ(is_printable_ascii(text), byte >= 0x20 && byte <= 0x7E) << byte << " in " << size;
      }
    }
  }
}

}  // namespace
}  // namespace sluice::rpc
