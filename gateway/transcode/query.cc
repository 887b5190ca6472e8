// Form decoding (https://url.spec.whatwg.org/#urlencoded-parsing), with malformed escapes refused.
#include "gateway/transcode/query.h"

#include "gateway/transcode/binding_error.h"

namespace sluice::gateway {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::optional<QueryParameter> QueryReader::next() {
  std::string_view piece;
  while (piece.empty()) {
    if (rest_.empty()) return std::nullopt;
    const std::size_t end = rest_.find('&');
    piece = rest_.substr(0, end);
    rest_ = end == std::string_view::npos ? std::string_view() : rest_.substr(end + 1);
  }
  scratch_.clear();
  scratch_.reserve(piece.size());  // so that the views stay good
  const std::size_t equals = piece.find('=');
  QueryParameter parameter;
  const std::string_view name = piece.substr(0, equals);
  parameter.name = decoded(name, name);
  if (equals != std::string_view::npos) parameter.value = decoded(piece.substr(equals + 1), parameter.name);
  if (!error_.ok()) return std::nullopt;
  return parameter;
}

std::string_view QueryReader::decoded(std::string_view text, std::string_view name) {
  if (text.find_first_of("+%") == std::string_view::npos) return text;
  const std::size_t begin = scratch_.size();
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+') {
      scratch_ += ' ';
    } else if (text[i] != '%') {
      scratch_ += text[i];
    } else {
      const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
      const int low = high < 0 ? -1 : hex_digit(text[i + 2]);
      if (low < 0) {
        error_ = binding_error(name, "expected two hexadecimal digits after '%', got " + shown(text.substr(i, 3)));
        return {};
      }
      scratch_ += static_cast<char>(high << 4 | low);
      i += 2;
    }
  }
  return std::string_view(scratch_).substr(begin);
}

}  // namespace sluice::gateway
