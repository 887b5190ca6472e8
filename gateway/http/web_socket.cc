// Which requests may become a WebSocket.
#include "gateway/http/web_socket.h"

#include <algorithm>

namespace sluice::gateway {
namespace {

constexpr std::size_t kKeySize = 24;  // 16 bytes in base64

// "host" and "port" of an authority; the port as text.
struct HostPort {
  std::string_view host;
  std::string_view port;
};

HostPort split(std::string_view authority, std::string_view default_port) {
  const std::size_t colon = authority.rfind(':');
  const bool has_port = colon != std::string_view::npos && authority.find(']', colon) == std::string_view::npos;
  if (!has_port) return {authority, default_port};
  return {authority.substr(0, colon), authority.substr(colon + 1)};
}

bool same_origin(std::string_view origin, std::string_view authority) {
  const std::size_t scheme = origin.find("://");
  if (scheme == std::string_view::npos) return false;
  const std::string_view default_port = equal_ignoring_case(origin.substr(0, scheme), "https") ? "443" : "80";
  const HostPort page = split(origin.substr(scheme + 3), default_port);
  const HostPort ours = split(authority, default_port);
  return equal_ignoring_case(page.host, ours.host) && page.port == ours.port;
}

bool is_key(std::string_view key) {
  const auto base64 = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
  };
  return key.size() == kKeySize && key.ends_with("==") && std::ranges::all_of(key.substr(0, kKeySize - 2), base64);
}

}  // namespace

bool asks_for_web_socket(const RequestHead& head) {
  const Headers& headers = head.headers;
  return head.method == "GET" && head.version == HttpVersion::Http11 && headers.has_token("Upgrade", "websocket") &&
         headers.has_token("Connection", "upgrade") && headers.get("Content-Length").value_or("0") == "0" &&
         !headers.contains("Transfer-Encoding");
}

std::optional<HttpError> check_web_socket(const RequestHead& head, std::span<const std::string> origins) {
  const std::string_view version = head.headers.get("Sec-WebSocket-Version").value_or("");
  if (version != "13") {
    return HttpError{426, "Sec-WebSocket-Version: expected 13, got \"" + std::string(version) + "\""};
  }
  const std::string_view key = head.headers.get("Sec-WebSocket-Key").value_or("");
  if (!is_key(key)) {
    return HttpError{400, "Sec-WebSocket-Key: expected 16 bytes in base64, got \"" + std::string(key) + "\""};
  }
  const auto origin = head.headers.get("Origin");
  const auto fits = [&](const std::string& one) { return one == "*" || equal_ignoring_case(one, *origin); };
  if (!origin || same_origin(*origin, head.authority) || std::ranges::any_of(origins, fits)) return std::nullopt;
  return HttpError{403, "Origin: pages of \"" + std::string(*origin) + "\" may not open WebSockets here"};
}

}  // namespace sluice::gateway
