// Endpoint: where to connect to or listen on: an IP address with a port, or the path of a unix socket.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "rpc_core/base/result.h"

namespace sluice::rpc {

// A value. `host` is an IP literal without brackets, or a name that still has to be resolved; for a unix socket it is the
// path and the port is 0.
struct Endpoint {
  enum class Kind : std::uint8_t { Tcp, Unix };

  // Constructors, because g++ 12 destroys an aggregate's temporary twice in an expression with co_await.
  Endpoint() = default;
  Endpoint(Kind its_kind, std::string its_host, std::uint16_t its_port)
      : kind(its_kind), host(std::move(its_host)), port(its_port) {}

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
