#include "examples/bookstore/service.h"

#include <google/protobuf/util/time_util.h>

#include <string>

#include "examples/bookstore/errors.h"
#include "rpc_core/base/loop.h"

namespace bookstore {

using google::protobuf::util::TimeUtil;
using rpc::Task;

namespace {

Result<Empty> empty_or(Status status) {
  if (!status.ok()) return rpc::fail(std::move(status));
  return Empty();
}

constexpr std::int64_t kLongestInterval = 3600;  // seconds

}  // namespace

Task<Result<v1::ListShelvesResponse>> BookstoreHandlers::list_shelves(rpc::ServerContext&,
                                                                      const v1::ListShelvesRequest& request) {
  co_return store_.list_shelves(request);
}

Task<Result<v1::Shelf>> BookstoreHandlers::get_shelf(rpc::ServerContext&, const v1::GetShelfRequest& request) {
  co_return store_.get_shelf(request.name());
}

Task<Result<v1::Shelf>> BookstoreHandlers::create_shelf(rpc::ServerContext&, const v1::CreateShelfRequest& request) {
  co_return store_.create_shelf(request.shelf(), request.shelf_id());
}

Task<Result<Empty>> BookstoreHandlers::delete_shelf(rpc::ServerContext&, const v1::DeleteShelfRequest& request) {
  co_return empty_or(store_.delete_shelf(request.name(), request.force()));
}

Task<Result<v1::ListBooksResponse>> BookstoreHandlers::list_books(rpc::ServerContext&,
                                                                  const v1::ListBooksRequest& request) {
  co_return store_.list_books(request);
}

Task<Result<v1::Book>> BookstoreHandlers::get_book(rpc::ServerContext&, const v1::GetBookRequest& request) {
  co_return store_.get_book(request.name());
}

Task<Result<v1::Book>> BookstoreHandlers::create_book(rpc::ServerContext&, const v1::CreateBookRequest& request) {
  v1::Book book = request.book();
  *book.mutable_create_time() = TimeUtil::GetCurrentTime();
  co_return store_.create_book(request.parent(), book, request.book_id());
}

Task<Result<v1::Book>> BookstoreHandlers::update_book(rpc::ServerContext&, const v1::UpdateBookRequest& request) {
  co_return store_.update_book(request.book(), request.update_mask());
}

Task<Result<Empty>> BookstoreHandlers::delete_book(rpc::ServerContext&, const v1::DeleteBookRequest& request) {
  co_return empty_or(store_.delete_book(request.name()));
}

Task<Result<v1::Book>> BookstoreHandlers::move_book(rpc::ServerContext&, const v1::MoveBookRequest& request) {
  co_return store_.move_book(request.name(), request.destination());
}

Task<Result<v1::SearchBooksResponse>> BookstoreHandlers::search_books(rpc::ServerContext&,
                                                                      const v1::SearchBooksRequest& request) {
  co_return store_.search(request);
}

Task<Status> BookstoreHandlers::stream_books(rpc::ServerContext& context, const v1::StreamBooksRequest& request,
                                             rpc::Writer<v1::Book>& writer) {
  const Result<std::vector<v1::Book>> books = store_.all_books(request.parent());
  if (!books) co_return books.error();
  const std::int64_t seconds = TimeUtil::DurationToSeconds(request.interval());
  if (seconds < 0 || seconds > kLongestInterval) {
    co_return invalid("interval", "expected 0s to 3600s, got " + std::to_string(seconds) + "s");
  }
  const auto interval = std::chrono::nanoseconds(TimeUtil::DurationToNanoseconds(request.interval()));
  bool first = true;
  for (const v1::Book& book : *books) {
    const bool elapsed = first || co_await rpc::sleep_for(context.loop(), interval);
    const bool written = elapsed && co_await writer.write(book);
    if (!written) break;
    first = false;
  }
  co_return Status();
}

}  // namespace bookstore
