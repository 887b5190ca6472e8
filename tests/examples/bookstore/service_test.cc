// Tests of the service as its clients see it, in process.
#include "examples/bookstore/service.h"

#include <gmock/gmock.h>

#include "examples/bookstore/seed.h"
#include "rpc_core/call/in_process.h"
#include "tests/support/loop_fixture.h"

namespace bookstore {
namespace {

using namespace std::chrono_literals;
using rpc::StatusCode;
using ::testing::ElementsAre;

class ServiceTest : public rpc::testing::LoopFixture {
 protected:
  ServiceTest() {
    add_seed(store);
    channel.add(handlers);
  }
  void TearDown() override {
    run(channel.close());
    LoopFixture::TearDown();
  }

  Store store;
  BookstoreHandlers handlers{store};
  rpc::InProcessChannel channel{loop};
  v1::BookstoreClient client{channel};
};

TEST_F(ServiceTest, TakesABookThroughItsLife) {
  v1::CreateBookRequest create;
  create.set_parent("shelves/history");
  create.set_book_id("spqr");
  create.mutable_book()->set_title("SPQR");
  const auto created = run(client.create_book(create));
  ASSERT_TRUE(created) << created.error().to_string();
  EXPECT_TRUE(created->has_create_time());

  v1::UpdateBookRequest update;
  update.mutable_book()->set_name(created->name());
  update.mutable_book()->set_year(2015);
  EXPECT_EQ(run(client.update_book(update))->year(), 2015);

  v1::MoveBookRequest move;
  move.set_name(created->name());
  move.set_destination("shelves/fiction");
  const auto moved = run(client.move_book(move));
  ASSERT_TRUE(moved);

  v1::GetBookRequest get;
  get.set_name(moved->name());
  EXPECT_EQ(run(client.get_book(get))->title(), "SPQR");

  v1::DeleteBookRequest remove;
  remove.set_name(moved->name());
  EXPECT_TRUE(run(client.delete_book(remove)));
  EXPECT_EQ(run(client.get_book(get)).error().code(), StatusCode::NotFound);
}

TEST_F(ServiceTest, TakesAShelfThroughItsLife) {
  v1::CreateShelfRequest create;
  create.set_shelf_id("poetry");
  create.mutable_shelf()->set_theme("Poetry");
  EXPECT_EQ(run(client.create_shelf(create))->name(), "shelves/poetry");
  EXPECT_EQ(run(client.list_shelves({}))->shelves_size(), 5);
  v1::GetShelfRequest get;
  get.set_name("shelves/poetry");
  EXPECT_EQ(run(client.get_shelf(get))->theme(), "Poetry");
  v1::DeleteShelfRequest remove;
  remove.set_name("shelves/poetry");
  EXPECT_TRUE(run(client.delete_shelf(remove)));
  EXPECT_EQ(run(client.delete_shelf(remove)).error().code(), StatusCode::NotFound);
}

TEST_F(ServiceTest, ListsAndSearches) {
  v1::ListBooksRequest list;
  list.set_parent("shelves/fiction");
  EXPECT_EQ(run(client.list_books(list))->books_size(), 7);
  v1::SearchBooksRequest search;
  search.set_query("austen");
  EXPECT_EQ(run(client.search_books(search))->books_size(), 1);
}

TEST_F(ServiceTest, StreamsAtTheIntervalAskedFor) {
  v1::StreamBooksRequest request;
  request.set_parent("shelves/history");
  request.mutable_interval()->set_seconds(2);
  auto stream = client.stream_books(request);
  EXPECT_EQ(run(stream.read())->title(), "The Guns of August");
  rpc::testing::Started<std::optional<v1::Book>> second(stream.read());
  advance(1s);
  EXPECT_FALSE(second.done());
  advance(1s + 1ms);
  EXPECT_EQ(second.get()->title(), "Ἱστορίαι");
  EXPECT_EQ(run(stream.read()), std::nullopt);
  EXPECT_EQ(run(stream.finish()), Status());
}

TEST_F(ServiceTest, StreamsTheErrorOfABadRequest) {
  const struct {
    const char* parent;
    int seconds;
    StatusCode expected;
  } cases[] = {{"shelves/poetry", 0, StatusCode::NotFound},
               {"shelves/history", -1, StatusCode::InvalidArgument},
               {"shelves/history", 3601, StatusCode::InvalidArgument}};
  for (const auto& c : cases) {
    v1::StreamBooksRequest request;
    request.set_parent(c.parent);
    request.mutable_interval()->set_seconds(c.seconds);
    auto stream = client.stream_books(request);
    EXPECT_EQ(run(stream.finish()).code(), c.expected) << c.parent << " " << c.seconds;
  }
}

}  // namespace
}  // namespace bookstore
