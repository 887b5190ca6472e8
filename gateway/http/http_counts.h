// HttpCounts: what one worker counts of its clients' connections, and of the limits that cut something short.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sluice::gateway {

// Each is a setting; Timeout is the deadline of a call, whoever has set it.
enum class Limit : std::uint8_t {
  MaxConnections,
  MaxConcurrentCalls,
  MaxHeaderBytes,
  MaxTargetBytes,
  MaxRequestBytes,
  MaxResponseBytes,
  MaxJsonDepth,
  HeaderTimeout,
  BodyTimeout,
  WriteTimeout,
  IdleTimeout,
  Timeout,
  DrainTimeout,
};

// The settings' names, in the order of Limit.
inline constexpr std::array<std::string_view, 13> kLimitNames = {
    "max-connections",   "max-concurrent-calls", "max-header-bytes", "max-target-bytes",
    "max-request-bytes", "max-response-bytes",   "max-json-depth",   "header-timeout",
    "body-timeout",      "write-timeout",        "idle-timeout",     "timeout",
    "drain-timeout"};

// A value: one thread counts, others get copies.
struct HttpCounts {
  std::uint64_t connections = 0;  // accepted
  std::array<std::uint64_t, kLimitNames.size()> limits{};

  void hit(Limit limit) { ++limits[static_cast<std::size_t>(limit)]; }
  std::uint64_t hits(Limit limit) const { return limits[static_cast<std::size_t>(limit)]; }
  HttpCounts& operator+=(const HttpCounts& other) {
    connections += other.connections;
    for (std::size_t i = 0; i < limits.size(); ++i) limits[i] += other.limits[i];
    return *this;
  }
};

}  // namespace sluice::gateway
