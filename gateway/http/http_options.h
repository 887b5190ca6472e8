// HttpOptions and StreamOptions: the limits and timeouts of the HTTP/1.1 server, as plain values.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "gateway/http/address_range.h"
#include "rpc_core/base/clock.h"

namespace sluice::gateway {

struct HttpOptions {
  // Request line and header fields together: 431 beyond it. The target alone: 414.
  std::size_t max_header_bytes = 64 * 1024;
  std::size_t max_target_bytes = 8 * 1024;

  // Of a connection between requests, and of one that never sent a byte: closed in silence.
  rpc::Duration idle_timeout = std::chrono::seconds(60);
  // From the first byte of a head to its last: 408.
  rpc::Duration header_timeout = std::chrono::seconds(10);
  // The longest pause in a body that is being read: 408.
  rpc::Duration body_timeout = std::chrono::seconds(30);
  // The longest time in which a client takes nothing, or too little (128 KiB at most), of its answer: closed.
  rpc::Duration write_timeout = std::chrono::seconds(30);

  // Of all workers together: beyond it 503 with Retry-After.
  std::size_t max_connections = 65536;

  // Peers whose word on a request's origin counts.
  std::vector<AddressRange> trusted_proxies;
  // Connections begin with a PROXY protocol header, within the header timeout; without it they are closed. Where there
  // are trusted proxies, only they may connect.
  bool proxy_protocol = false;
};

// How streamed answers and WebSockets behave.
struct StreamOptions {
  // How long the head of a streamed answer waits for the first message, so that an early error keeps its HTTP status.
  rpc::Duration flush_timeout = std::chrono::seconds(2);
  // A comment in an event stream, or a ping on a WebSocket, after this much silence. A WebSocket whose client is silent
  // for twice as long is closed.
  rpc::Duration heartbeat = std::chrono::seconds(15);
  // "https://host[:port]", or "*": whose pages may open a WebSocket, besides those of the request's own host.
  std::vector<std::string> origins;
};

}  // namespace sluice::gateway
