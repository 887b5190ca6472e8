// BookstoreHandlers: the bookstore.v1.Bookstore service over a Store.
#pragma once

#include "bookstore.sluice.h"
#include "examples/bookstore/store.h"

namespace bookstore {

namespace rpc = sluice::rpc;
using google::protobuf::Empty;

// The store outlives it, and both belong to one loop.
class BookstoreHandlers final : public v1::BookstoreService {
 public:
  explicit BookstoreHandlers(Store& store) : store_(store) {}

  rpc::Task<Result<v1::ListShelvesResponse>> list_shelves(rpc::ServerContext& context,
                                                          const v1::ListShelvesRequest& request) override;
  rpc::Task<Result<v1::Shelf>> get_shelf(rpc::ServerContext& context, const v1::GetShelfRequest& request) override;
  rpc::Task<Result<v1::Shelf>> create_shelf(rpc::ServerContext& context,
                                            const v1::CreateShelfRequest& request) override;
  rpc::Task<Result<Empty>> delete_shelf(rpc::ServerContext& context, const v1::DeleteShelfRequest& request) override;
  rpc::Task<Result<v1::ListBooksResponse>> list_books(rpc::ServerContext& context,
                                                      const v1::ListBooksRequest& request) override;
  rpc::Task<Result<v1::Book>> get_book(rpc::ServerContext& context, const v1::GetBookRequest& request) override;
  rpc::Task<Result<v1::Book>> create_book(rpc::ServerContext& context, const v1::CreateBookRequest& request) override;
  rpc::Task<Result<v1::Book>> update_book(rpc::ServerContext& context, const v1::UpdateBookRequest& request) override;
  rpc::Task<Result<Empty>> delete_book(rpc::ServerContext& context, const v1::DeleteBookRequest& request) override;
  rpc::Task<Result<v1::Book>> move_book(rpc::ServerContext& context, const v1::MoveBookRequest& request) override;
  rpc::Task<Result<v1::SearchBooksResponse>> search_books(rpc::ServerContext& context,
                                                          const v1::SearchBooksRequest& request) override;
  rpc::Task<Status> stream_books(rpc::ServerContext& context, const v1::StreamBooksRequest& request,
                                 rpc::Writer<v1::Book>& writer) override;

 private:
  Store& store_;
};

}  // namespace bookstore
