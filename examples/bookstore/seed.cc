#include "examples/bookstore/seed.h"

#include <google/protobuf/util/time_util.h>

#include <array>
#include <cassert>
#include <string>

namespace bookstore {
namespace {

struct SeedShelf {
  const char* id;
  const char* theme;
};
constexpr SeedShelf kShelves[] = {
    {"computing", "Computing"},
    {"fiction", "Fiction"},
    {"history", "History"},
    {"science-fiction", "Science fiction"},
};

struct SeedBook {
  const char* shelf;
  const char* id;
  const char* title;
  std::array<const char*, 2> authors;
  int year;
  const char* isbn;
  v1::Book::Format format;
  int copies;
  double rating;  // 0: none yet
};
constexpr SeedBook kBooks[] = {
    {"computing",
     "art-of-computer-programming",
     "The Art of Computer Programming, Volume 1",
     {"Donald E. Knuth"},
     1968,
     "9780201896831",
     v1::Book::HARDCOVER,
     3,
     4.7},
    {"computing",
     "c-programming-language",
     "The C Programming Language",
     {"Brian W. Kernighan", "Dennis M. Ritchie"},
     1978,
     "9780131103627",
     v1::Book::PAPERBACK,
     12,
     4.4},
    {"computing",
     "mythical-man-month",
     "The Mythical Man-Month",
     {"Frederick P. Brooks Jr."},
     1975,
     "9780201835953",
     v1::Book::PAPERBACK,
     7,
     4.0},
    {"computing",
     "structure-and-interpretation",
     "Structure and Interpretation of Computer Programs",
     {"Harold Abelson", "Gerald Jay Sussman"},
     1985,
     "9780262510875",
     v1::Book::PAPERBACK,
     4,
     4.5},
    {"fiction",
     "don-quixote",
     "Don Quixote",
     {"Miguel de Cervantes"},
     1605,
     "9780060934347",
     v1::Book::PAPERBACK,
     5,
     3.9},
    {"fiction", "middlemarch", "Middlemarch", {"George Eliot"}, 1871, "9780141439549", v1::Book::PAPERBACK, 6, 4.0},
    {"fiction",
     "moby-dick",
     "Moby-Dick; or, The Whale",
     {"Herman Melville"},
     1851,
     "9780142437247",
     v1::Book::PAPERBACK,
     8,
     3.5},
    {"fiction",
     "one-hundred-years-of-solitude",
     "Cien años de soledad",
     {"Gabriel García Márquez"},
     1967,
     "9780060883287",
     v1::Book::PAPERBACK,
     9,
     4.1},
    {"fiction",
     "pride-and-prejudice",
     "Pride and Prejudice",
     {"Jane Austen"},
     1813,
     "9780141439518",
     v1::Book::EBOOK,
     0,
     4.3},
    {"fiction",
     "things-fall-apart",
     "Things Fall Apart",
     {"Chinua Achebe"},
     1958,
     "9780385474542",
     v1::Book::PAPERBACK,
     10,
     3.7},
    {"fiction", "tale-of-genji", "源氏物語", {"紫式部"}, 1021, "", v1::Book::HARDCOVER, 1, 0},
    {"history",
     "guns-of-august",
     "The Guns of August",
     {"Barbara W. Tuchman"},
     1962,
     "9780345476098",
     v1::Book::PAPERBACK,
     2,
     4.2},
    {"history", "histories", "Ἱστορίαι", {"Herodotus"}, -430, "", v1::Book::HARDCOVER, 1, 0},
    {"science-fiction", "dune", "Dune", {"Frank Herbert"}, 1965, "9780441172719", v1::Book::PAPERBACK, 20, 4.3},
    {"science-fiction",
     "frankenstein",
     "Frankenstein; or, The Modern Prometheus",
     {"Mary Shelley"},
     1818,
     "9780141439471",
     v1::Book::EBOOK,
     0,
     3.9},
    {"science-fiction",
     "left-hand-of-darkness",
     "The Left Hand of Darkness",
     {"Ursula K. Le Guin"},
     1969,
     "9780441478125",
     v1::Book::PAPERBACK,
     6,
     4.1},
    {"science-fiction",
     "neuromancer",
     "Neuromancer",
     {"William Gibson"},
     1984,
     "9780441569595",
     v1::Book::PAPERBACK,
     5,
     3.9},
    {"science-fiction", "solaris", "Solaris", {"Stanisław Lem"}, 1961, "9780156027601", v1::Book::PAPERBACK, 3, 4.0},
};

v1::Book book_of(const SeedBook& seed) {
  v1::Book book;
  book.set_title(seed.title);
  for (const char* author : seed.authors) {
    if (author != nullptr) book.add_authors(author);
  }
  book.set_year(seed.year);
  book.set_isbn(seed.isbn);
  book.set_format(seed.format);
  book.set_copies_in_stock(seed.copies);
  if (seed.rating != 0) book.set_rating(seed.rating);
  return book;
}

}  // namespace

void add_seed(Store& store) {
  const auto opening = google::protobuf::util::TimeUtil::SecondsToTimestamp(1704099600);  // 2024-01-01T09:00:00Z
  for (const SeedShelf& seed : kShelves) {
    v1::Shelf shelf;
    shelf.set_theme(seed.theme);
    [[maybe_unused]] const Result<v1::Shelf> added = store.create_shelf(shelf, seed.id);
    assert(added);
  }
  for (const SeedBook& seed : kBooks) {
    v1::Book book = book_of(seed);
    *book.mutable_create_time() = opening;
    [[maybe_unused]] const Result<v1::Book> added = store.create_book(shelf_name(seed.shelf), book, seed.id);
    assert(added);
  }
}

}  // namespace bookstore
