// What makes a book one that the store takes.
#pragma once

#include <string_view>
#include <vector>

#include "bookstore.pb.h"
#include "examples/bookstore/errors.h"

namespace bookstore {

// Thirteen digits whose last one is right. https://www.isbn-international.org/content/isbn-users-manual
bool is_isbn(std::string_view text);

// Everything that is wrong with it, the fields named as in the request ("book.title").
std::vector<Violation> violations_of(const v1::Book& book);

}  // namespace bookstore
