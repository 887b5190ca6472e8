// ChannelTotals: what the connections to one backend have done so far, as plain values.
#pragma once

#include <cstdint>

namespace sluice::gateway {

struct ChannelTotals {
  std::uint64_t connects = 0;
  std::uint64_t reconnects = 0;  // of these: after the first of a channel
  std::uint64_t failures = 0;    // attempts to connect that failed
  std::uint64_t streams = 0;
  std::uint64_t streams_reset = 0;
  std::uint64_t bytes_sent = 0;
  std::uint64_t bytes_received = 0;
  // At the moment.
  std::uint64_t open_calls = 0;
  std::uint64_t open_connections = 0;
  std::uint64_t open_streams = 0;

  ChannelTotals& operator+=(const ChannelTotals& other) {
    connects += other.connects;
    reconnects += other.reconnects;
    failures += other.failures;
    streams += other.streams;
    streams_reset += other.streams_reset;
    bytes_sent += other.bytes_sent;
    bytes_received += other.bytes_received;
    open_calls += other.open_calls;
    open_connections += other.open_connections;
    open_streams += other.open_streams;
    return *this;
  }
};

}  // namespace sluice::gateway
