// The two headers that limit a request's time.
#include "gateway/protocol/request_deadline.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>

#include "rpc_core/wire/timeout.h"

namespace sluice::gateway {
namespace {

constexpr double kLongestSeconds = 9e9;

// "1.5": digits with at most one point; no sign, no exponent.
std::optional<rpc::Duration> parse_seconds(std::string_view text) {
  const bool plain = std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
  double seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds, std::chars_format::fixed);
  if (!plain || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return rpc::Duration(static_cast<std::int64_t>(std::ceil(std::min(seconds, kLongestSeconds) * 1e9)));
}

std::unexpected<rpc::Status> refuse(std::string_view field, std::string_view expected, std::string_view value) {
  return rpc::fail(rpc::StatusCode::InvalidArgument,
                   std::string(field) + ": expected " + std::string(expected) + ", got \"" + std::string(value) + "\"");
}

}  // namespace

rpc::Result<std::optional<rpc::Duration>> request_timeout(const Headers& headers, const RouteTimeout& route) {
  std::optional<rpc::Duration> timeout;
  for (const auto& [name, value] : headers) {
    std::optional<rpc::Duration> asked;
    if (equal_ignoring_case(name, "grpc-timeout")) {
      asked = rpc::parse_timeout(value);
      if (!asked) return refuse("grpc-timeout", "up to 8 digits and a unit of HMSmun", value);
    } else if (equal_ignoring_case(name, "x-request-timeout")) {
      asked = parse_seconds(value);
      if (!asked) return refuse("X-Request-Timeout", "seconds such as 1.5", value);
    } else {
      continue;
    }
    timeout = timeout ? std::min(*timeout, *asked) : *asked;
  }
  if (!timeout) return route.time;
  if (route.is_limit && route.time) timeout = std::min(*timeout, *route.time);
  return timeout;
}

}  // namespace sluice::gateway
