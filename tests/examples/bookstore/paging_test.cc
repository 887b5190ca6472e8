// Tests of paging.
#include "examples/bookstore/paging.h"

#include <gtest/gtest.h>

#include <map>

#include "bookstore.pb.h"

namespace bookstore {
namespace {

class Paging : public ::testing::Test {
 protected:
  // What the page holds, and behind a "|" the token of the next.
  std::string page(int size, const std::string& token) {
    v1::ListShelvesRequest request;
    request.set_page_size(size);
    request.set_page_token(token);
    std::string seen;
    const auto next = list_page(request, entries, [&](int entry) { seen += std::to_string(entry) + " "; });
    return next ? seen + "|" + *next : next.error().message();
  }

  std::map<std::string, int> entries = {{"a", 1}, {"b", 2}, {"c", 3}};
};

TEST_F(Paging, GivesPagesUntilTheLast) {
  EXPECT_EQ(page(2, ""), "1 2 |b");
  EXPECT_EQ(page(2, "b"), "3 |");
  EXPECT_EQ(page(3, ""), "1 2 3 |");
  EXPECT_EQ(page(1, "c"), "|");
}

TEST_F(Paging, GoesOnBehindAnEntryThatIsGone) {
  entries.erase("b");
  EXPECT_EQ(page(2, "b"), "3 |");
}

TEST_F(Paging, HasADefaultSizeAndALimit) {
  for (int i = 0; i < 200; ++i) entries["x" + std::to_string(1000 + i)] = i;
  EXPECT_TRUE(page(0, "").ends_with("|x1046")) << page(0, "");
  EXPECT_TRUE(page(1000, "").ends_with("|x1096")) << page(1000, "");
}

TEST_F(Paging, RefusesANegativeSizeAndAStrangeToken) {
  EXPECT_EQ(page(-1, ""), "page_size: expected 0 or more, got -1");
  EXPECT_EQ(page(1, "!"), "page_token: expected a next_page_token, got \"!\"");
}

}  // namespace
}  // namespace bookstore
