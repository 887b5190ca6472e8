// Header fields and their rules of comparison; reason phrases.
#include "gateway/http/message.h"

#include <algorithm>

#include "gateway/http/characters.h"

namespace sluice::gateway {
namespace {

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  // As a rule they have the same case, or differ at the first character.
  if (a.empty() || to_lower(a.front()) != to_lower(b.front())) return a.empty();
  return a == b || std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return to_lower(x) == to_lower(y); });
}

bool list_contains(std::string_view list, std::string_view token) {
  while (!list.empty()) {
    const auto comma = std::min(list.find(','), list.size());
    if (equal_ignoring_case(trimmed(list.substr(0, comma)), token)) return true;
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return false;
}

void Headers::set(std::string_view name, std::string_view value) {
  remove(name);
  add(name, value);
}

std::size_t Headers::remove(std::string_view name) {
  return remove_if([name](std::string_view given, std::string_view) { return equal_ignoring_case(given, name); });
}

std::optional<std::string_view> Headers::get(std::string_view name) const {
  for (const auto& [given, value] : *this) {
    if (given.size() == name.size() && equal_ignoring_case(given, name)) return value;
  }
  return std::nullopt;
}

PoolString Headers::joined(std::string_view name) const {
  PoolString list;
  for (const auto& [given, value] : *this) {
    if (value.empty() || !equal_ignoring_case(given, name)) continue;
    if (!list.empty()) list.append(", ");
    list.append(value);
  }
  return list;
}

bool Headers::has_token(std::string_view name, std::string_view token) const {
  return std::any_of(begin(), end(), [&](const Pair& field) {
    return equal_ignoring_case(field.first, name) && list_contains(field.second, token);
  });
}

bool operator==(const Headers& a, const Headers& b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin());
}

std::string_view reason_phrase(int http_status) {
  switch (http_status) {
    case 100:
      return "Continue";
    case 101:
      return "Switching Protocols";
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 206:
      return "Partial Content";
    case 301:
      return "Moved Permanently";
    case 302:
      return "Found";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 307:
      return "Temporary Redirect";
    case 308:
      return "Permanent Redirect";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 402:
      return "Payment Required";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 406:
      return "Not Acceptable";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 410:
      return "Gone";
    case 411:
      return "Length Required";
    case 412:
      return "Precondition Failed";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 416:
      return "Range Not Satisfiable";
    case 417:
      return "Expectation Failed";
    case 422:
      return "Unprocessable Content";
    case 425:
      return "Too Early";
    case 426:
      return "Upgrade Required";
    case 428:
      return "Precondition Required";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 499:
      return "Client Closed Request";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "Unknown";
  }
}

}  // namespace sluice::gateway
