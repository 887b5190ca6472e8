#include "examples/bookstore/store.h"

#include <google/protobuf/util/field_mask_util.h>

#include <algorithm>
#include <cctype>

#include "examples/bookstore/book_check.h"
#include "examples/bookstore/errors.h"
#include "examples/bookstore/paging.h"

namespace bookstore {

using google::protobuf::FieldMask;
using google::protobuf::util::FieldMaskUtil;
using sluice::rpc::fail;

namespace {

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

bool matches(const v1::Book& book, const v1::SearchBooksRequest& request) {
  const auto& formats = request.formats();
  if (!formats.empty() && std::ranges::find(formats, book.format()) == formats.end()) return false;
  std::string text = book.title();
  for (const std::string& author : book.authors()) text += "\n" + author;
  return lower(std::move(text)).find(lower(request.query())) != std::string::npos;
}

FieldMask present_fields(const v1::Book& book) {
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  book.GetReflection()->ListFields(book, &fields);
  FieldMask mask;
  for (const auto* field : fields) mask.add_paths(field->name());
  return mask;
}

void drop_fields_of_server(FieldMask& mask) {
  auto& paths = *mask.mutable_paths();
  const auto given = [](const std::string& path) { return path == "name" || path == "create_time"; };
  paths.erase(std::remove_if(paths.begin(), paths.end(), given), paths.end());
}

Status check_id(const char* field, const std::string& id) {
  if (is_resource_id(id)) return Status();
  return invalid(field, "expected 1 to 63 small letters, digits and hyphens, got \"" + id + "\"");
}

// The entry that a name from the request's field means, constant or not as the map is.
template <class Shelves>
auto find_shelf(Shelves& shelves, std::string_view name, std::string_view field)
    -> Result<decltype(&shelves.begin()->second)> {
  const Result<std::string> id = parse_shelf_name(name, field);
  if (!id) return fail(id.error());
  const auto found = shelves.find(*id);
  if (found == shelves.end()) return fail(not_found(shelf_name(*id)));
  return &found->second;
}

template <class Shelves>
auto find_book(Shelves& shelves, std::string_view name, std::string_view field)
    -> Result<decltype(&shelves.begin()->second.books.begin()->second)> {
  const Result<BookName> parsed = parse_book_name(name, field);
  if (!parsed) return fail(parsed.error());
  const auto shelf = shelves.find(parsed->shelf_id);
  if (shelf == shelves.end()) return fail(not_found(std::string(name)));
  const auto book = shelf->second.books.find(parsed->book_id);
  if (book == shelf->second.books.end()) return fail(not_found(std::string(name)));
  return &book->second;
}

}  // namespace

Result<v1::ListShelvesResponse> Store::list_shelves(const v1::ListShelvesRequest& request) const {
  v1::ListShelvesResponse response;
  Result<std::string> next =
      list_page(request, shelves_, [&](const ShelfEntry& entry) { *response.add_shelves() = entry.shelf; });
  if (!next) return fail(next.error());
  response.set_next_page_token(*next);
  return response;
}

Result<v1::Shelf> Store::get_shelf(std::string_view name) const {
  const auto entry = find_shelf(shelves_, name, "name");
  if (!entry) return fail(entry.error());
  return (*entry)->shelf;
}

Result<v1::Shelf> Store::create_shelf(const v1::Shelf& shelf, const std::string& id) {
  if (Status status = check_id("shelf_id", id); !status.ok()) return fail(std::move(status));
  if (shelf.theme().empty()) return fail(invalid("shelf.theme", "expected a theme, got none"));
  const auto [entry, added] = shelves_.try_emplace(id);
  if (!added) return fail(already_exists(shelf_name(id)));
  entry->second.shelf = shelf;
  entry->second.shelf.set_name(shelf_name(id));
  return entry->second.shelf;
}

Status Store::delete_shelf(std::string_view name, bool force) {
  const auto entry = find_shelf(shelves_, name, "name");
  if (!entry) return entry.error();
  const std::size_t books = (*entry)->books.size();
  if (books != 0 && !force) return shelf_not_empty(std::string(name), books);
  shelves_.erase(*parse_shelf_name(name, "name"));
  return Status();
}

Result<v1::ListBooksResponse> Store::list_books(const v1::ListBooksRequest& request) const {
  const auto entry = find_shelf(shelves_, request.parent(), "parent");
  if (!entry) return fail(entry.error());
  v1::ListBooksResponse response;
  Result<std::string> next =
      list_page(request, (*entry)->books, [&](const v1::Book& book) { *response.add_books() = book; });
  if (!next) return fail(next.error());
  response.set_next_page_token(*next);
  return response;
}

Result<v1::Book> Store::get_book(std::string_view name) const {
  const auto book = find_book(shelves_, name, "name");
  if (!book) return fail(book.error());
  return **book;
}

Result<v1::Book> Store::create_book(std::string_view parent, const v1::Book& book, const std::string& id) {
  const auto entry = find_shelf(shelves_, parent, "parent");
  if (!entry) return fail(entry.error());
  if (Status status = check_id("book_id", id); !status.ok()) return fail(std::move(status));
  const std::vector<Violation> violations = violations_of(book);
  if (!violations.empty()) return fail(invalid(violations));
  v1::Book added = book;
  added.set_name(std::string(parent) + "/books/" + id);
  if (!(*entry)->books.emplace(id, added).second) return fail(already_exists(added.name()));
  return added;
}

Result<v1::Book> Store::update_book(const v1::Book& book, const FieldMask& mask) {
  const auto stored = find_book(shelves_, book.name(), "book.name");
  if (!stored) return fail(stored.error());
  if (!FieldMaskUtil::IsValidFieldMask<v1::Book>(mask)) {
    return fail(invalid("update_mask", "expected fields of a book, got \"" + FieldMaskUtil::ToString(mask) + "\""));
  }
  FieldMask fields = mask.paths().empty() ? present_fields(book) : mask;
  drop_fields_of_server(fields);
  FieldMaskUtil::MergeOptions options;
  options.set_replace_repeated_fields(true);
  v1::Book changed = **stored;
  FieldMaskUtil::MergeMessageTo(book, fields, options, &changed);
  const std::vector<Violation> violations = violations_of(changed);
  if (!violations.empty()) return fail(invalid(violations));
  **stored = changed;
  return changed;
}

Status Store::delete_book(std::string_view name) {
  const auto book = find_book(shelves_, name, "name");
  if (!book) return book.error();
  const BookName parsed = *parse_book_name(name, "name");
  shelves_.at(parsed.shelf_id).books.erase(parsed.book_id);
  return Status();
}

Result<v1::Book> Store::move_book(std::string_view name, std::string_view destination) {
  const auto book = find_book(shelves_, name, "name");
  if (!book) return fail(book.error());
  const auto shelf = find_shelf(shelves_, destination, "destination");
  if (!shelf) return fail(shelf.error());
  const std::string id = parse_book_name(name, "name")->book_id;
  v1::Book moved = **book;
  moved.set_name(std::string(destination) + "/books/" + id);
  if (!(*shelf)->books.emplace(id, moved).second) return fail(already_exists(moved.name()));
  Status deleted = delete_book(name);
  if (!deleted.ok()) return fail(std::move(deleted));
  return moved;
}

Result<v1::SearchBooksResponse> Store::search(const v1::SearchBooksRequest& request) const {
  if (request.query().empty()) return fail(invalid("query", "expected some text, got none"));
  if (!request.parent().empty()) {
    const auto shelf = find_shelf(shelves_, request.parent(), "parent");
    if (!shelf) return fail(shelf.error());
  }
  v1::SearchBooksResponse response;
  for (const auto& [id, entry] : shelves_) {
    if (!request.parent().empty() && entry.shelf.name() != request.parent()) continue;
    for (const auto& [book_id, book] : entry.books) {
      if (matches(book, request)) *response.add_books() = book;
    }
  }
  return response;
}

Result<std::vector<v1::Book>> Store::all_books(std::string_view parent) const {
  const auto entry = find_shelf(shelves_, parent, "parent");
  if (!entry) return fail(entry.error());
  std::vector<v1::Book> books;
  for (const auto& [id, book] : (*entry)->books) books.push_back(book);
  return books;
}

}  // namespace bookstore
