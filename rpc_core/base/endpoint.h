// Endpoint: where to connect to or listen on: an IP address with a port, or the path of a unix socket.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "rpc_core/base/result.h"

namespace sluice::rpc {

// A value. `host` is an IP literal without brackets, or a name that still has to be resolved; for a unix socket it is the
// path and the port is 0.
struct Endpoint {
  enum class Kind : std::uint8_t { Tcp, Unix };

  Kind kind = Kind::Tcp;
  std::string host;
  std::uint16_t port = 0;

  // "127.0.0.1:80", "[::1]:80", "unix:/run/sluice.sock": the form that parse_endpoint() takes.
  std::string to_string() const;
  friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

// "host:port", "[v6]:port" or "unix:/path". The port is required.
Result<Endpoint> parse_endpoint(std::string_view text);

}  // namespace sluice::rpc
