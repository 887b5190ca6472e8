#include "rpc_core/base/endpoint.h"

#include <charconv>

namespace sluice::rpc {
namespace {

std::unexpected<Status> refuse(std::string_view text, std::string_view expected) {
  return fail(StatusCode::InvalidArgument,
              "address \"" + std::string(text) + "\": expected " + std::string(expected));
}

Result<std::uint16_t> parse_port(std::string_view text, std::string_view port) {
  std::uint16_t number = 0;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
  if (error != std::errc() || end != port.data() + port.size() || port.empty()) {
    return refuse(text, "a port from 0 to 65535 behind the last colon, got \"" + std::string(port) + "\"");
  }
  return number;
}

}  // namespace

std::string Endpoint::to_string() const {
  if (kind == Kind::Unix) return "unix:" + host;
  const bool v6 = host.find(':') != std::string::npos;
  return (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

Result<Endpoint> parse_endpoint(std::string_view text) {
  if (text.starts_with("unix:")) {
    std::string_view path = text.substr(5);
    if (path.starts_with("///")) path.remove_prefix(2);
    if (path.empty()) return refuse(text, "a path behind \"unix:\"");
    return Endpoint{Endpoint::Kind::Unix, std::string(path), 0};
  }
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return refuse(text, "host:port, [v6]:port or unix:/path");
  std::string_view host = text.substr(0, colon);
  if (host.starts_with('[')) {
    if (!host.ends_with(']')) return refuse(text, "\"]:port\" behind the IPv6 address");
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    return refuse(text, "brackets around an IPv6 address: [v6]:port");
  }
  if (host.empty()) return refuse(text, "a host before the colon");
  const auto port = parse_port(text, text.substr(colon + 1));
  if (!port) return fail(port.error());
  return Endpoint{Endpoint::Kind::Tcp, std::string(host), *port};
}

}  // namespace sluice::rpc
