// AddressRange: IP addresses that share a prefix, such as 10.0.0.0/8, or all peers of unix sockets.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "rpc_core/base/endpoint.h"

namespace sluice::gateway {

// An IPv4 address, also one that is written as IPv6 (::ffff:192.0.2.1), is in IPv4 ranges only.
class AddressRange {
 public:
  // "192.0.2.0/24", "2001:db8::/32", one address, or "unix". Nothing for another text, and for bits behind the prefix.
  static std::optional<AddressRange> parse(std::string_view text);

  bool contains(const rpc::Endpoint& endpoint) const;
  // As parse() takes it.
  const std::string& text() const { return text_; }

  friend bool is_address(std::string_view text);

 private:
  using Bytes = std::array<std::uint8_t, 16>;

  AddressRange(std::string_view text, std::optional<Bytes> first, unsigned prefix_bits)
      : text_(text), first_(first), prefix_bits_(prefix_bits) {}

  static std::optional<Bytes> bytes_of(std::string_view address);

  std::string text_;
  std::optional<Bytes> first_;  // IPv4 as ::ffff:…; nothing: unix sockets
  unsigned prefix_bits_;
};

// Whether it is an IPv4 or IPv6 address, without port and brackets.
bool is_address(std::string_view text);

}  // namespace sluice::gateway
