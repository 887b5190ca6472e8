// Tests of what makes a book acceptable.
#include "examples/bookstore/book_check.h"

#include <gmock/gmock.h>

#include <functional>
#include <limits>

#include "examples/bookstore/seed.h"

namespace bookstore {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

TEST(Isbn, HasThirteenDigitsAndTheRightLastOne) {
  EXPECT_TRUE(is_isbn("9780441172719"));
  EXPECT_TRUE(is_isbn("0000000000000"));
  for (const char* bad : {"", "978044117271", "97804411727190", "9780441172718", "978044117271X", "978-044117271"}) {
    EXPECT_FALSE(is_isbn(bad)) << bad;
  }
}

TEST(Isbn, OneWrongDigitIsSeen) {
  const std::string good = "9780441172719";
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>('0' + (bad[i] - '0' + 1) % 10);
    EXPECT_FALSE(is_isbn(bad)) << bad;
  }
}

TEST(BookCheck, NamesEachField) {
  const struct {
    const char* field;
    std::function<void(v1::Book&)> change;
    std::string expected;
  } cases[] = {
      {"book.title", [](v1::Book& book) { book.clear_title(); }, "expected a title, got none"},
      {"book.isbn", [](v1::Book& book) { book.set_isbn("12"); }, "expected an ISBN of 13 digits, got \"12\""},
      {"book.format", [](v1::Book& book) { book.set_format(static_cast<v1::Book::Format>(9)); },
       "expected a known format, got 9"},
      {"book.copies_in_stock", [](v1::Book& book) { book.set_copies_in_stock(-1); }, "expected 0 or more, got -1"},
      {"book.rating", [](v1::Book& book) { book.set_rating(5.5); }, "expected 0 to 5 stars, got 5.500000"},
      {"book.rating", [](v1::Book& book) { book.set_rating(std::numeric_limits<double>::quiet_NaN()); },
       "expected 0 to 5 stars, got nan"},
  };
  for (const auto& c : cases) {
    v1::Book book;
    book.set_title("Dune");
    EXPECT_THAT(violations_of(book), IsEmpty());
    c.change(book);
    EXPECT_THAT(violations_of(book), ElementsAre(Pair(c.field, c.expected)));
  }
}

TEST(BookCheck, NamesAllFieldsAtOnce) {
  v1::Book book;
  book.set_isbn("x");
  EXPECT_EQ(violations_of(book).size(), 2u);
}

TEST(Seed, IsAcceptable) {
  Store store;
  add_seed(store);
  std::size_t books = 0;
  for (const char* shelf : {"computing", "fiction", "history", "science-fiction"}) {
    const auto on_shelf = store.all_books(shelf_name(shelf));
    ASSERT_TRUE(on_shelf) << shelf;
    for (const v1::Book& book : *on_shelf) EXPECT_THAT(violations_of(book), IsEmpty()) << book.name();
    books += on_shelf->size();
  }
  EXPECT_EQ(books, 18u);
}

}  // namespace
}  // namespace bookstore
