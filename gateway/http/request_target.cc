// Origin-form, absolute-form, authority-form, asterisk-form.
#include "gateway/http/request_target.h"

#include <algorithm>

#include "gateway/http/characters.h"

namespace sluice::gateway {
namespace {

std::unexpected<HttpError> refuse(std::string message) {
  return std::unexpected<HttpError>(HttpError{400, std::move(message)});
}

// The length of "http://" or "https://" at the front; 0 for anything else.
std::size_t scheme_size(std::string_view raw) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (equal_ignoring_case(raw.substr(0, scheme.size()), scheme)) return scheme.size();
  }
  return 0;
}

std::expected<void, HttpError> read_absolute(std::string_view rest, RequestHead& head) {
  const std::size_t end = std::min(rest.find_first_of("/?"), rest.size());
  const std::string_view authority = rest.substr(0, end);
  if (authority.empty() || !is_authority(authority))
    return refuse("expected host[:port] in the absolute request target");
  head.authority = authority;
  const std::string_view path = rest.substr(end);
  if (path.empty() && head.method == "OPTIONS") {
    head.target = "*";
    return {};
  }
  if (!path.starts_with('/')) head.target = "/";
  head.target += path;
  return {};
}

}  // namespace

std::expected<void, HttpError> read_target(std::string_view raw, RequestHead& head) {
  if (!is_visible_ascii(raw)) return refuse("control or non-ASCII byte in the request target");
  if (raw.find('#') != std::string_view::npos) return refuse("fragment in the request target");
  head.target.clear();
  if (head.method == "CONNECT" && !raw.starts_with('/')) {
    if (!is_authority(raw)) return refuse("expected host:port as the target of CONNECT");
    head.target = head.authority = raw;
    return {};
  }
  if (raw.starts_with('/') || (raw == "*" && head.method == "OPTIONS")) {
    head.target = raw;
    return {};
  }
  if (const std::size_t scheme = scheme_size(raw); scheme != 0) return read_absolute(raw.substr(scheme), head);
  return refuse("expected a request target that begins with '/' or http://");
}

}  // namespace sluice::gateway
