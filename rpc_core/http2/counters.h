// Counters of connections: what has gone over them so far, as values to read and to print.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "rpc_core/base/clock.h"

namespace sluice::rpc::http2 {

struct ConnectionCounters {
  std::uint64_t streams_started = 0;
  std::uint64_t streams_finished = 0;  // both sides have said everything
  std::uint64_t streams_reset = 0;     // by either side, or lost with the connection
  std::uint64_t messages_sent = 0;     // handed over to be sent
  std::uint64_t messages_received = 0;
  std::uint64_t bytes_sent = 0;  // of HTTP/2, TLS not counted
  std::uint64_t bytes_received = 0;
  std::uint64_t pings_sent = 0;
  // From the last PING to its answer.
  std::optional<Duration> rtt;

  // The latest round trip of the two, if any, is the other's.
  ConnectionCounters& operator+=(const ConnectionCounters& other);
  friend bool operator==(const ConnectionCounters&, const ConnectionCounters&) = default;
};

// "streams 3 (2 finished, 0 reset), messages 2 sent 2 received, bytes 310 sent 290 received, pings 1, rtt 250us"
std::string to_string(const ConnectionCounters& counters);

struct ConnectionReport {
  std::string peer;  // "127.0.0.1:41234"
  std::size_t open_streams = 0;
  ConnectionCounters counters;
};

struct ConnectionsReport {
  std::uint64_t made = 0;
  std::vector<ConnectionReport> open;
  ConnectionCounters total;  // of those that have ended, too
};

// A line for all of them, and one for each that is open.
std::string to_string(const ConnectionsReport& report);

}  // namespace sluice::rpc::http2
