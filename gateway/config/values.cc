// Numbers with units and addresses, each with what was expected in their place.
#include "gateway/config/values.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>

namespace sluice::gateway {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t factor;
};

// Each list from the largest to the smallest.
constexpr std::array<Unit, 4> kTimes = {{{"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}, {"ms", 1}}};
constexpr std::array<Unit, 4> kSizes = {{{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}, {"", 1}}};

constexpr std::uint64_t kMostMilliseconds = std::numeric_limits<std::int64_t>::max() / 1'000'000;
constexpr std::uint64_t kMostBytes = std::numeric_limits<std::size_t>::max();

std::optional<std::uint64_t> parse_with_unit(std::string_view text, std::span<const Unit> units, std::uint64_t most) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return std::nullopt;
  const std::string_view name = text.substr(static_cast<std::size_t>(end - text.data()));
  for (const Unit& unit : units) {
    if (unit.name == name && number <= most / unit.factor) return number * unit.factor;
  }
  return std::nullopt;
}

std::string print_with_unit(std::uint64_t number, std::span<const Unit> units) {
  for (const Unit& unit : units) {
    if (number >= unit.factor && number % unit.factor == 0) {
      return std::to_string(number / unit.factor).append(unit.name);
    }
  }
  return "0";
}

bool is_ip_address(const std::string& host) {
  in6_addr address;
  return inet_pton(AF_INET, host.c_str(), &address) == 1 || inet_pton(AF_INET6, host.c_str(), &address) == 1;
}

}  // namespace

Parsed<rpc::Duration> parse_duration(std::string_view text) {
  const auto milliseconds = parse_with_unit(text, kTimes, kMostMilliseconds);
  if (!milliseconds) return unfit("a duration such as 250ms, 3s or 5m");
  return std::chrono::milliseconds(*milliseconds);
}

std::string print_duration(rpc::Duration duration) {
  const auto count = std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
  return count == 0 ? "0s" : print_with_unit(static_cast<std::uint64_t>(count), kTimes);
}

Parsed<std::size_t> parse_size(std::string_view text) {
  const auto bytes = parse_with_unit(text, kSizes, kMostBytes);
  if (!bytes) return unfit("a size such as 4096, 64KiB or 4MiB");
  return *bytes;
}

std::string print_size(std::size_t bytes) { return print_with_unit(bytes, kSizes); }

Parsed<std::size_t> parse_count(std::string_view text) {
  constexpr std::array<Unit, 1> kPlain = {{{"", 1}}};
  const auto count = parse_with_unit(text, kPlain, kMostBytes);
  if (!count) return unfit("a whole number");
  return *count;
}

Parsed<bool> parse_bool(std::string_view text) {
  if (text == "true") return true;
  if (text == "false") return false;
  return unfit("true or false");
}

std::string print_bool(bool value) { return value ? "true" : "false"; }

Parsed<double> parse_ratio(std::string_view text) {
  double ratio = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), ratio, std::chars_format::fixed);
  if (failed != std::errc() || end != text.data() + text.size() || !(ratio >= 0 && ratio <= 1)) {
    return unfit("a number from 0 to 1");
  }
  return ratio;
}

std::string print_ratio(double ratio) {
  std::array<char, 32> text{};
  const auto [end, failed] = std::to_chars(text.data(), text.data() + text.size(), ratio);
  return failed == std::errc() ? std::string(text.data(), end) : "0";
}

Parsed<rpc::Endpoint> parse_listen_address(std::string_view text) {
  rpc::Result<rpc::Endpoint> endpoint = rpc::parse_endpoint(text);
  if (endpoint && endpoint->host == "localhost") endpoint->host = "127.0.0.1";
  if (!endpoint || (endpoint->kind == rpc::Endpoint::Kind::Tcp && !is_ip_address(endpoint->host))) {
    return unfit("an IP address with a port, such as 0.0.0.0:8080 or [::]:8080, or unix:/path");
  }
  return *std::move(endpoint);
}

Parsed<std::string> parse_backend_target(std::string_view text) {
  std::string_view address = text;
  for (const std::string_view scheme : {"dns:///", "dns:", "ipv4:", "ipv6:"}) {
    if (address.starts_with(scheme)) {
      address.remove_prefix(scheme.size());
      break;
    }
  }
  const rpc::Result<rpc::Endpoint> endpoint = rpc::parse_endpoint(address);
  if (!endpoint || (endpoint->kind == rpc::Endpoint::Kind::Tcp && endpoint->port == 0)) {
    return unfit("host:port, dns:///host:port or unix:/path");
  }
  return std::string(text);
}

bool is_backend_name(std::string_view text) {
  const auto is_alphanumeric = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  };
  return !text.empty() && is_alphanumeric(text.front()) &&
         std::ranges::all_of(text, [&](char c) { return is_alphanumeric(c) || c == '-' || c == '_' || c == '.'; });
}

}  // namespace sluice::gateway
