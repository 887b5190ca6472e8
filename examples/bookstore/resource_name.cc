#include "examples/bookstore/resource_name.h"

#include <algorithm>

#include "examples/bookstore/errors.h"

namespace bookstore {

using sluice::rpc::fail;
using sluice::rpc::Result;

namespace {

constexpr std::string_view kShelves = "shelves/";
constexpr std::string_view kBooks = "/books/";
constexpr std::size_t kLongestId = 63;

bool is_id_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

std::unexpected<sluice::rpc::Status> wrong_name(std::string_view field, std::string_view form, std::string_view name) {
  return fail(invalid(std::string(field), "expected " + std::string(form) + ", got \"" + std::string(name) + "\""));
}

}  // namespace

bool is_resource_id(std::string_view text) {
  return !text.empty() && text.size() <= kLongestId && std::ranges::all_of(text, is_id_character);
}

std::string shelf_name(std::string_view shelf_id) {
  return std::string(kShelves).append(shelf_id);
}

std::string book_name(std::string_view shelf_id, std::string_view book_id) {
  return shelf_name(shelf_id).append(kBooks).append(book_id);
}

Result<std::string> parse_shelf_name(std::string_view name, std::string_view field) {
  if (!name.starts_with(kShelves) || !is_resource_id(name.substr(kShelves.size()))) {
    return wrong_name(field, "shelves/ID", name);
  }
  return std::string(name.substr(kShelves.size()));
}

Result<BookName> parse_book_name(std::string_view name, std::string_view field) {
  const std::size_t books = name.find(kBooks);
  if (books == std::string_view::npos) return wrong_name(field, "shelves/ID/books/ID", name);
  const Result<std::string> shelf = parse_shelf_name(name.substr(0, books), field);
  const std::string_view book = name.substr(books + kBooks.size());
  if (!shelf || !is_resource_id(book)) return wrong_name(field, "shelves/ID/books/ID", name);
  return BookName{*shelf, std::string(book)};
}

}  // namespace bookstore
