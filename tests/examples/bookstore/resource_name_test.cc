// Tests of the names of shelves and books.
#include "examples/bookstore/resource_name.h"

#include <gtest/gtest.h>

namespace bookstore {
namespace {

TEST(ResourceName, SplitsWhatItJoins) {
  EXPECT_EQ(shelf_name("fiction"), "shelves/fiction");
  EXPECT_EQ(*parse_shelf_name(shelf_name("fiction"), "name"), "fiction");
  EXPECT_EQ(book_name("fiction", "dune"), "shelves/fiction/books/dune");
  const auto parsed = parse_book_name(book_name("fiction", "dune"), "name");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->shelf_id, "fiction");
  EXPECT_EQ(parsed->book_id, "dune");
}

TEST(ResourceName, RefusesOtherShelves) {
  for (const char* name : {"", "fiction", "shelves/", "shelves/A", "shelves/a/b", "shelves/a/books/b", "/shelves/a"}) {
    const auto parsed = parse_shelf_name(name, "parent");
    ASSERT_FALSE(parsed) << name;
    EXPECT_EQ(parsed.error().message(), "parent: expected shelves/ID, got \"" + std::string(name) + "\"");
  }
}

TEST(ResourceName, RefusesOtherBooks) {
  for (const char* name : {"", "shelves/a", "shelves/a/books/", "shelves//books/b", "shelves/a/books/B",
                           "shelves/a/books/b/c", "books/b"}) {
    const auto parsed = parse_book_name(name, "name");
    ASSERT_FALSE(parsed) << name;
    EXPECT_EQ(parsed.error().message(), "name: expected shelves/ID/books/ID, got \"" + std::string(name) + "\"");
  }
}

TEST(ResourceName, LimitsAnIdTo63Characters) {
  EXPECT_TRUE(is_resource_id(std::string(63, 'a')));
  EXPECT_FALSE(is_resource_id(std::string(64, 'a')));
}

}  // namespace
}  // namespace bookstore
