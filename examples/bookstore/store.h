// Store: the shelves and books in memory.
#pragma once

#include <google/protobuf/field_mask.pb.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "bookstore.pb.h"
#include "examples/bookstore/resource_name.h"
#include "rpc_core/base/result.h"

namespace bookstore {

template <class T>
using Result = sluice::rpc::Result<T>;
using sluice::rpc::Status;

// Knows nothing of calls; belongs to one thread. Names come from requests and are checked here; each error has details.
class Store {
 public:
  Result<v1::ListShelvesResponse> list_shelves(const v1::ListShelvesRequest& request) const;
  Result<v1::Shelf> get_shelf(std::string_view name) const;
  Result<v1::Shelf> create_shelf(const v1::Shelf& shelf, const std::string& id);
  Status delete_shelf(std::string_view name, bool force);

  Result<v1::ListBooksResponse> list_books(const v1::ListBooksRequest& request) const;
  Result<v1::Book> get_book(std::string_view name) const;
  Result<v1::Book> create_book(std::string_view parent, const v1::Book& book, const std::string& id);
  // An empty mask means the fields that the book has. name and create_time stay as they are.
  Result<v1::Book> update_book(const v1::Book& book, const google::protobuf::FieldMask& mask);
  Status delete_book(std::string_view name);
  Result<v1::Book> move_book(std::string_view name, std::string_view destination);

  Result<v1::SearchBooksResponse> search(const v1::SearchBooksRequest& request) const;
  Result<std::vector<v1::Book>> all_books(std::string_view parent) const;

 private:
  struct ShelfEntry {
    v1::Shelf shelf;
    std::map<std::string, v1::Book> books;
  };

  std::map<std::string, ShelfEntry> shelves_;
};

}  // namespace bookstore
