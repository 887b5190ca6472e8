// The texts of settings as values and back: durations, sizes, counts, addresses.
#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>

#include "rpc_core/base/clock.h"
#include "rpc_core/base/endpoint.h"

namespace sluice::gateway {

// Why a text is no value.
struct Unfit {
  std::string expected;  // "a duration such as 250ms, 3s or 5m"
  std::string hint;      // "did you mean \"reject\"?", or empty
};

template <class T>
using Parsed = std::expected<T, Unfit>;

inline std::unexpected<Unfit> unfit(std::string expected, std::string hint = "") {
  return std::unexpected<Unfit>(Unfit{std::move(expected), std::move(hint)});
}

// A whole number with a unit: ms, s, m or h. The printed form takes the largest unit that loses nothing; it is exact
// for whole milliseconds, which is all that can be parsed.
Parsed<rpc::Duration> parse_duration(std::string_view text);
std::string print_duration(rpc::Duration duration);

// A whole number of bytes, or with a unit: KiB, MiB or GiB.
Parsed<std::size_t> parse_size(std::string_view text);
std::string print_size(std::size_t bytes);

// Decimal digits alone.
Parsed<std::size_t> parse_count(std::string_view text);

// "true" or "false".
Parsed<bool> parse_bool(std::string_view text);
std::string print_bool(bool value);

// From 0 to 1, such as 0.05.
Parsed<double> parse_ratio(std::string_view text);
std::string print_ratio(double ratio);

// Where to listen: an IP address with a port, or unix:/path. The name localhost is 127.0.0.1.
Parsed<rpc::Endpoint> parse_listen_address(std::string_view text);
// Where a backend is; the text itself. Names are resolved later.
Parsed<std::string> parse_backend_target(std::string_view text);
// Letters, digits, "-", "_" and ".", a letter or digit first.
bool is_backend_name(std::string_view text);

}  // namespace sluice::gateway
