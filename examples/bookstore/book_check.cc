#include "examples/bookstore/book_check.h"

#include <string>

namespace bookstore {
namespace {

constexpr std::size_t kIsbnDigits = 13;
constexpr double kMostStars = 5;

}  // namespace

bool is_isbn(std::string_view text) {
  if (text.size() != kIsbnDigits) return false;
  int sum = 0;
  for (std::size_t i = 0; i < kIsbnDigits; ++i) {
    if (text[i] < '0' || text[i] > '9') return false;
    sum += (text[i] - '0') * (i % 2 == 0 ? 1 : 3);
  }
  return sum % 10 == 0;
}

std::vector<Violation> violations_of(const v1::Book& book) {
  std::vector<Violation> violations;
  if (book.title().empty()) violations.emplace_back("book.title", "expected a title, got none");
  if (!book.isbn().empty() && !is_isbn(book.isbn())) {
    violations.emplace_back("book.isbn", "expected an ISBN of 13 digits, got \"" + book.isbn() + "\"");
  }
  if (!v1::Book::Format_IsValid(book.format())) {
    violations.emplace_back("book.format", "expected a known format, got " + std::to_string(book.format()));
  }
  if (book.copies_in_stock() < 0) {
    violations.emplace_back("book.copies_in_stock",
                            "expected 0 or more, got " + std::to_string(book.copies_in_stock()));
  }
  if (book.has_rating() && !(book.rating() >= 0 && book.rating() <= kMostStars)) {
    violations.emplace_back("book.rating", "expected 0 to 5 stars, got " + std::to_string(book.rating()));
  }
  return violations;
}

}  // namespace bookstore
