// RequestParser: the bytes of one HTTP/1.1 request become a RequestHead and pieces of a body.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "gateway/http/error_writer.h"
#include "gateway/http/head_scanner.h"
#include "gateway/http/message.h"

namespace sluice::gateway {

// One object a request; without I/O. Stricter than the parser it is built on wherever two readers of the same bytes
// could disagree about where a request ends: Transfer-Encoding other than exactly "chunked", together with
// Content-Length, or on HTTP/1.0; Content-Length that is no plain number or differs; Host missing or repeated;
// obs-fold; bare line ends.
class RequestParser {
 public:
  explicit RequestParser(HeadScanner::Limits limits);
  ~RequestParser();
  RequestParser(const RequestParser&) = delete;
  RequestParser& operator=(const RequestParser&) = delete;

  // Give it all bytes since the request's first, until it says how many of them were the head; 0: incomplete.
  // Errors: 400, 414, 417 (an Expect other than 100-continue), 431.
  std::expected<std::size_t, HttpError> parse_head(std::string_view bytes, RequestHead& head);

  // What the head says; valid after it.
  bool keep_alive() const;
  bool expects_continue() const;
  std::optional<std::uint64_t> content_length() const;  // nothing for a chunked body
  bool body_done() const;

  struct Piece {
    std::size_t consumed = 0;
    std::string_view bytes;  // a view into what was given
    bool last = false;
  };
  // Give it the bytes behind those it has consumed. A piece without bytes that is not the last: more are needed.
  // Trailers are checked and dropped. Errors: 400.
  std::expected<Piece, HttpError> parse_body(std::string_view bytes);

 private:
  class Impl;
  HeadScanner::Limits limits_;
  HeadScanner scanner_;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sluice::gateway
