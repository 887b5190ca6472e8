// The names of shelves and books: "shelves/fiction", "shelves/fiction/books/moby-dick".
#pragma once

#include <string>
#include <string_view>

#include "rpc_core/base/result.h"

namespace bookstore {

struct BookName {
  std::string shelf_id;
  std::string book_id;
};

// Small letters, digits and hyphens, 1 to 63 of them.
bool is_resource_id(std::string_view text);

std::string shelf_name(std::string_view shelf_id);
std::string book_name(std::string_view shelf_id, std::string_view book_id);

// The ids in a name; INVALID_ARGUMENT names the request's field.
sluice::rpc::Result<std::string> parse_shelf_name(std::string_view name, std::string_view field);
sluice::rpc::Result<BookName> parse_book_name(std::string_view name, std::string_view field);

}  // namespace bookstore
