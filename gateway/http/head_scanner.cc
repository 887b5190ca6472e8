// The line structure of a request's head.
#include "gateway/http/head_scanner.h"

#include <string>

#include "gateway/http/characters.h"

namespace sluice::gateway {
namespace {

constexpr int kMostEmptyLines = 4;
// What a request line has besides its target: method, spaces, version.
constexpr std::size_t kLineBesidesTarget = 64;

// Line ends get an answer of their own.
bool may_begin_head(char c) { return is_token_character(c) || c == '\r' || c == '\n'; }

std::unexpected<HttpError> refuse(int status, std::string message) {
  return std::unexpected<HttpError>(HttpError{status, std::move(message)});
}

}  // namespace

std::expected<bool, HttpError> HeadScanner::scan(std::string_view bytes) {
  while (true) {
    if (line_begin_ == begin_ && bytes.size() > begin_ && !may_begin_head(bytes[begin_])) {
      return refuse(400, "expected a request line, got a byte that begins no method");
    }
    const std::size_t newline = bytes.find('\n', searched_);
    if (newline == std::string_view::npos) {
      searched_ = bytes.size();
      return check_sizes(bytes.size());
    }
    if (newline == line_begin_ || bytes[newline - 1] != '\r') {
      return refuse(400, "line feed without carriage return in the request's head");
    }
    const std::string_view line = bytes.substr(line_begin_, newline - 1 - line_begin_);
    const bool first = line_begin_ == begin_;
    if (const auto good = check_line(line); !good) return good;
    line_begin_ = searched_ = newline + 1;
    if (!line.empty()) continue;
    if (!first) {
      const auto fits = check_sizes(line_begin_);
      return fits ? true : fits;
    }
    begin_ = line_begin_;
    if (++empty_lines_ > kMostEmptyLines) return refuse(400, "expected a request line, got empty lines");
  }
}

std::expected<bool, HttpError> HeadScanner::check_line(std::string_view line) const {
  const bool first = line_begin_ == begin_;
  if (first && line.size() > limits_.target_bytes + kLineBesidesTarget) return check_sizes(line_begin_ + line.size());
  if (!first && !line.empty() && (line.front() == ' ' || line.front() == '\t')) {
    return refuse(400, "header field folded over several lines");
  }
  if (line.find('\r') != std::string_view::npos) {
    return refuse(400, "carriage return without line feed in the request's head");
  }
  return true;
}

// `received` counts from the first byte, empty lines included. False: within the limits, but incomplete.
std::expected<bool, HttpError> HeadScanner::check_sizes(std::size_t received) const {
  if (line_begin_ == begin_ && received - begin_ > limits_.target_bytes + kLineBesidesTarget) {
    return refuse(414, "request target of more than " + std::to_string(limits_.target_bytes) + " bytes");
  }
  if (received - begin_ > limits_.header_bytes) {
    return refuse(431, "request head of more than " + std::to_string(limits_.header_bytes) + " bytes");
  }
  return false;
}

}  // namespace sluice::gateway
