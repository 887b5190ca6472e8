// Tests of the shelves and books in memory.
#include "examples/bookstore/store.h"

#include <gmock/gmock.h>

#include "examples/bookstore/seed.h"
#include "google/rpc/error_details.pb.h"
#include "rpc_core/call/status_details.h"

namespace bookstore {
namespace {

using sluice::rpc::find_detail;
using sluice::rpc::StatusCode;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class StoreTest : public ::testing::Test {
 protected:
  StoreTest() { add_seed(store); }

  static v1::Book book(std::string title) {
    v1::Book book;
    book.set_title(std::move(title));
    return book;
  }
  std::vector<std::string> search(std::string query, std::string parent = "") {
    v1::SearchBooksRequest request;
    request.set_query(std::move(query));
    request.set_parent(std::move(parent));
    const auto response = store.search(request);
    if (!response) return {response.error().message()};
    std::vector<std::string> names;
    for (const v1::Book& found : response->books()) names.push_back(found.name());
    return names;
  }

  Store store;
  const std::string dune = "shelves/science-fiction/books/dune";
};

TEST_F(StoreTest, ListsShelvesByName) {
  const auto response = store.list_shelves({});
  ASSERT_TRUE(response);
  ASSERT_EQ(response->shelves_size(), 4);
  EXPECT_EQ(response->shelves(0).name(), "shelves/computing");
  EXPECT_EQ(response->next_page_token(), "");
}

TEST_F(StoreTest, ListsTheBooksOfOneShelf) {
  v1::ListBooksRequest request;
  request.set_parent("shelves/history");
  request.set_page_size(1);
  const auto first = store.list_books(request);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->books(0).title(), "The Guns of August");
  request.set_page_token(first->next_page_token());
  EXPECT_EQ(store.list_books(request)->books(0).title(), "Ἱστορίαι");
  request.set_parent("shelves/poetry");
  EXPECT_EQ(store.list_books(request).error().code(), StatusCode::NotFound);
}

TEST_F(StoreTest, TellsWhichResourceIsMissing) {
  const auto missing = store.get_book("shelves/fiction/books/dune");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().to_string(), "NOT_FOUND: there is no shelves/fiction/books/dune");
  const auto info = find_detail<google::rpc::ResourceInfo>(missing.error());
  ASSERT_TRUE(info);
  EXPECT_EQ(info->resource_type(), "bookstore/Book");
  EXPECT_EQ(info->resource_name(), "shelves/fiction/books/dune");
  EXPECT_EQ(find_detail<google::rpc::ResourceInfo>(store.get_shelf("shelves/x").error())->resource_type(),
            "bookstore/Shelf");
}

TEST_F(StoreTest, CreatesAShelfOnce) {
  v1::Shelf shelf;
  shelf.set_theme("Poetry");
  shelf.set_name("shelves/ignored");
  EXPECT_EQ(store.create_shelf(shelf, "poetry")->name(), "shelves/poetry");
  EXPECT_EQ(store.create_shelf(shelf, "poetry").error().code(), StatusCode::AlreadyExists);
  EXPECT_EQ(store.create_shelf(shelf, "Poetry").error().code(), StatusCode::InvalidArgument);
  EXPECT_EQ(store.create_shelf({}, "prose").error().message(), "shelf.theme: expected a theme, got none");
}

TEST_F(StoreTest, DeletesAnEmptyShelfOrByForce) {
  const Status refused = store.delete_shelf("shelves/history", false);
  EXPECT_EQ(refused.code(), StatusCode::FailedPrecondition);
  const auto info = find_detail<google::rpc::ErrorInfo>(refused);
  ASSERT_TRUE(info);
  EXPECT_EQ(info->reason(), "SHELF_NOT_EMPTY");
  EXPECT_EQ(info->metadata().at("books"), "2");
  EXPECT_EQ(store.delete_shelf("shelves/history", true), Status());
  EXPECT_EQ(store.delete_shelf("shelves/history", true).code(), StatusCode::NotFound);
}

TEST_F(StoreTest, CreatesABookOnce) {
  const auto created = store.create_book("shelves/history", book("SPQR"), "spqr");
  ASSERT_TRUE(created);
  EXPECT_EQ(created->name(), "shelves/history/books/spqr");
  EXPECT_EQ(store.get_book(created->name())->title(), "SPQR");
  EXPECT_EQ(store.create_book("shelves/history", book("SPQR"), "spqr").error().code(), StatusCode::AlreadyExists);
  EXPECT_EQ(store.create_book("shelves/poetry", book("SPQR"), "spqr").error().code(), StatusCode::NotFound);
  EXPECT_EQ(store.create_book("shelves/history", book("SPQR"), "").error().code(), StatusCode::InvalidArgument);
  const auto bad = store.create_book("shelves/history", book(""), "x");
  EXPECT_EQ(find_detail<google::rpc::BadRequest>(bad.error())->field_violations(0).field(), "book.title");
}

TEST_F(StoreTest, UpdatesWhatTheMaskNames) {
  v1::Book change = book("Dune Messiah");
  change.set_name(dune);
  change.set_year(1969);
  google::protobuf::FieldMask mask;
  mask.add_paths("year");
  mask.add_paths("rating");
  mask.add_paths("name");
  const auto updated = store.update_book(change, mask);
  ASSERT_TRUE(updated);
  EXPECT_EQ(updated->title(), "Dune");
  EXPECT_EQ(updated->year(), 1969);
  EXPECT_FALSE(updated->has_rating()) << "named, and not given: cleared";
  EXPECT_EQ(updated->name(), dune);
}

TEST_F(StoreTest, UpdatesWhatIsGivenWithoutAMask) {
  v1::Book change;
  change.set_name(dune);
  change.add_genres("novel");
  ASSERT_TRUE(store.update_book(change, {}));
  change.clear_genres();
  change.add_genres("space");
  const auto updated = store.update_book(change, {});
  ASSERT_TRUE(updated);
  EXPECT_THAT(updated->genres(), ElementsAre("space"));
  EXPECT_EQ(updated->title(), "Dune");
}

TEST_F(StoreTest, RefusesABadUpdateWhole) {
  v1::Book change = book("Dune Messiah");
  change.set_name(dune);
  change.set_isbn("1");
  EXPECT_EQ(store.update_book(change, {}).error().code(), StatusCode::InvalidArgument);
  EXPECT_EQ(store.get_book(dune)->title(), "Dune");
  google::protobuf::FieldMask mask;
  mask.add_paths("colour");
  EXPECT_EQ(store.update_book(change, mask).error().message(),
            "update_mask: expected fields of a book, got \"colour\"");
}

TEST_F(StoreTest, DeletesABook) {
  EXPECT_EQ(store.delete_book(dune), Status());
  EXPECT_EQ(store.delete_book(dune).code(), StatusCode::NotFound);
}

TEST_F(StoreTest, MovesABook) {
  const auto moved = store.move_book(dune, "shelves/fiction");
  ASSERT_TRUE(moved);
  EXPECT_EQ(moved->name(), "shelves/fiction/books/dune");
  EXPECT_FALSE(store.get_book(dune));
  EXPECT_TRUE(store.get_book("shelves/fiction/books/dune"));
}

TEST_F(StoreTest, RefusesAMoveAndKeepsTheBook) {
  const struct {
    const char* destination;
    StatusCode expected;
  } cases[] = {{"shelves/poetry", StatusCode::NotFound},
               {"poetry", StatusCode::InvalidArgument},
               {"shelves/science-fiction", StatusCode::AlreadyExists}};
  for (const auto& c : cases) {
    EXPECT_EQ(store.move_book(dune, c.destination).error().code(), c.expected) << c.destination;
    EXPECT_TRUE(store.get_book(dune)) << c.destination;
  }
}

TEST_F(StoreTest, SearchesTitlesAndAuthors) {
  EXPECT_THAT(search("dune"), ElementsAre(dune));
  EXPECT_THAT(search("MELVILLE"), ElementsAre("shelves/fiction/books/moby-dick"));
  EXPECT_THAT(search("the guns", "shelves/history"), ElementsAre("shelves/history/books/guns-of-august"));
  EXPECT_THAT(search("dune", "shelves/history"), IsEmpty());
  EXPECT_THAT(search("dune", "shelves/poetry"), ElementsAre("there is no shelves/poetry"));
  EXPECT_THAT(search(""), ElementsAre("query: expected some text, got none"));
}

TEST_F(StoreTest, SearchesSomeFormats) {
  v1::SearchBooksRequest request;
  request.set_query("the");
  request.add_formats(v1::Book::HARDCOVER);
  const auto response = store.search(request);
  ASSERT_TRUE(response);
  ASSERT_EQ(response->books_size(), 1);
  EXPECT_EQ(response->books(0).authors(0), "Donald E. Knuth");
}

}  // namespace
}  // namespace bookstore
