// Percent-decoding. One loop, which a predicate tells what to keep encoded.
#include "annotations/percent.h"

#include <cstddef>
#include <optional>

#include "annotations/utf8.h"

namespace sluice::http_rule {
namespace {

using rpc::StatusCode;

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// The octet of the triple that starts at `at`, where a "%" stands; nothing when it is malformed.
std::optional<char> octet_at(std::string_view text, std::size_t at) {
  if (text.size() - at < 3) return std::nullopt;
  const int high = hex_value(text[at + 1]);
  const int low = hex_value(text[at + 2]);
  if (high < 0 || low < 0) return std::nullopt;
  return static_cast<char>(high * 16 + low);
}

std::unexpected<rpc::Status> error_at(std::size_t at, std::string_view what) {
  return rpc::fail(StatusCode::InvalidArgument, "column " + std::to_string(at + 1) + ": " + std::string(what));
}

std::unexpected<rpc::Status> malformed(std::string_view text, std::size_t at) {
  const std::string_view found = text.substr(at + 1, 2);
  return error_at(
      at, "expected two hex digits after \"%\", got " + (found.empty() ? "the end" : "\"" + std::string(found) + "\""));
}

bool is_dot_segment(std::string_view segment) {
  return segment == "." || segment == "..";
}

// The same for a segment whose dots may be encoded.
bool is_encoded_dot_segment(std::string_view segment) {
  std::size_t dots = 0;
  for (std::size_t at = 0; at < segment.size() && dots < 3; ++dots) {
    if (segment[at] == '.') {
      at += 1;
    } else if (segment[at] == '%' && octet_at(segment, at) == '.') {
      at += 3;
    } else {
      return false;
    }
  }
  return dots == 1 || dots == 2;
}

// Calls visit(segment, offset) for each piece between slashes, until one returns true.
template <class Visit>
bool any_segment(std::string_view text, Visit visit) {
  std::size_t begin = 0;
  while (true) {
    const std::size_t slash = text.find('/', begin);
    if (visit(text.substr(begin, slash - begin), begin)) return true;
    if (slash == std::string_view::npos) return false;
    begin = slash + 1;
  }
}

bool stays_encoded(char octet, Unescape which) {
  if (which == Unescape::ExceptSlash) return octet == '/';
  if (which == Unescape::ExceptReserved) return is_reserved(octet);
  return false;
}

// Decodes `raw` into `out`, with `plus` for each "+". The error is the place of a malformed triple.
template <class Keep>
std::expected<void, std::size_t> decode(std::string_view raw, char plus, Keep keep, std::string& out) {
  out.clear();
  for (std::size_t at = 0; at < raw.size();) {
    if (raw[at] != '%') {
      out.push_back(raw[at] == '+' ? plus : raw[at]);
      ++at;
      continue;
    }
    const std::optional<char> octet = octet_at(raw, at);
    if (!octet) return std::unexpected(at);
    if (keep(*octet)) {
      out.append(raw, at, 3);
    } else {
      out.push_back(*octet);
    }
    at += 3;
  }
  return {};
}

}  // namespace

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

bool is_reserved(char c) {
  return c != '\0' && std::string_view(":/?#[]@!$&'()*+,;=").contains(c);
}

void append_canonical(std::string& out, std::string_view raw) {
  constexpr char kHex[] = "0123456789ABCDEF";
  for (std::size_t at = 0; at < raw.size();) {
    const std::optional<char> octet = raw[at] == '%' ? octet_at(raw, at) : std::nullopt;
    if (!octet) {
      out.push_back(raw[at++]);
      continue;
    }
    if (is_unreserved(*octet)) {
      out.push_back(*octet);
    } else {
      const auto byte = static_cast<unsigned char>(*octet);
      out.append({'%', kHex[byte >> 4], kHex[byte & 15]});
    }
    at += 3;
  }
}

rpc::Result<void> check_path(std::string_view path) {
  for (std::size_t at = path.find('%'); at != std::string_view::npos; at = path.find('%', at + 1)) {
    const std::optional<char> octet = octet_at(path, at);
    if (!octet) return malformed(path, at);
    if (*octet == '\0') return error_at(at, "a zero byte is not allowed in a path");
  }
  std::size_t place = 0;
  const bool has_dots = any_segment(path, [&](std::string_view segment, std::size_t offset) {
    place = offset;
    return is_encoded_dot_segment(segment);
  });
  if (has_dots) return error_at(place, "expected a path without \".\" and \"..\" segments");
  return {};
}

rpc::Result<std::string_view> decode_capture(std::string_view raw, Unescape which, std::string& scratch) {
  std::string_view value = raw;
  if (raw.contains('%')) {
    const auto decoded = decode(
        raw, '+', [&](char octet) { return stays_encoded(octet, which); }, scratch);
    if (!decoded) return malformed(raw, decoded.error());
    value = scratch;
  }
  if (value.contains('\0')) return error_at(0, "a zero byte is not allowed in a path");
  if (!is_utf8(value)) return error_at(0, "expected UTF-8");
  if (any_segment(value, [](std::string_view piece, std::size_t) { return is_dot_segment(piece); })) {
    return error_at(0, "expected a path without \".\" and \"..\" segments");
  }
  return value;
}

rpc::Result<std::string_view> decode_form(std::string_view raw, std::string& scratch) {
  if (raw.find_first_of("%+") == std::string_view::npos) return raw;
  const auto decoded = decode(
      raw, ' ', [](char) { return false; }, scratch);
  if (!decoded) return malformed(raw, decoded.error());
  return scratch;
}

}  // namespace sluice::http_rule
