// HeadScanner: finds the end of a request's head in bytes that arrive in pieces, and refuses heads of a bad line
// structure.
#pragma once

#include <cstddef>
#include <expected>
#include <string_view>

#include "gateway/http/error_writer.h"

namespace sluice::gateway {

// What RFC 9112 leaves to a server's leniency (section 2.2: bare LF; section 5.2: obs-fold) is refused here, on the raw
// bytes, as soon as it is seen: two parsers of one connection must not disagree on where lines and heads end.
class HeadScanner {
 public:
  struct Limits {
    std::size_t header_bytes;
    std::size_t target_bytes;
  };
  explicit HeadScanner(Limits limits) : limits_(limits) {}

  // Give it all bytes since the request's first, every time; each is looked at once. True: the head is complete and
  // stands at [begin(), end()). Errors: 400, 414, 431.
  std::expected<bool, HttpError> scan(std::string_view bytes);
  // Empty lines before the head are skipped (RFC 9112 section 2.2).
  std::size_t begin() const { return begin_; }
  std::size_t end() const { return line_begin_; }

 private:
  std::expected<bool, HttpError> check_sizes(std::size_t received) const;
  std::expected<bool, HttpError> check_line(std::string_view line) const;

  Limits limits_;
  std::size_t begin_ = 0;
  std::size_t line_begin_ = 0;
  std::size_t searched_ = 0;
  int empty_lines_ = 0;
};

}  // namespace sluice::gateway
