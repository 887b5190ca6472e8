// Prefixes of 16 bytes.
#include "gateway/http/address_range.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace sluice::gateway {
namespace {

constexpr std::string_view kUnix = "unix";
constexpr unsigned kBits = 128;
constexpr unsigned kBitsBeforeIpv4 = 96;
constexpr std::array<std::uint8_t, 16> kIpv4 = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

std::optional<unsigned> number(std::string_view text) {
  unsigned value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

template <class Bytes>
bool bit(const Bytes& bytes, unsigned index) {
  return (bytes[index / 8] >> (7 - index % 8) & 1) != 0;
}

}  // namespace

bool is_address(std::string_view text) { return AddressRange::bytes_of(text).has_value(); }

std::optional<AddressRange::Bytes> AddressRange::bytes_of(std::string_view address) {
  const std::string text(address);
  Bytes bytes{};
  if (inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1) return bytes;
  bytes = kIpv4;
  if (inet_pton(AF_INET, text.c_str(), bytes.data() + 12) == 1) return bytes;
  return std::nullopt;
}

std::optional<AddressRange> AddressRange::parse(std::string_view text) {
  if (text == kUnix) return AddressRange(text, std::nullopt, 0);
  const std::size_t slash = text.find('/');
  const std::string_view address = text.substr(0, slash);
  const std::optional<Bytes> first = bytes_of(address);
  if (!first) return std::nullopt;
  unsigned bits = kBits;
  if (slash != std::string_view::npos) {
    const unsigned before = address.find(':') == std::string_view::npos ? kBitsBeforeIpv4 : 0;
    const std::optional<unsigned> prefix = number(text.substr(slash + 1));
    if (!prefix || *prefix > kBits - before) return std::nullopt;
    bits = before + *prefix;
  }
  for (unsigned i = bits; i < kBits; ++i) {
    if (bit(*first, i)) return std::nullopt;
  }
  return AddressRange(text, first, bits);
}

bool AddressRange::contains(const rpc::Endpoint& endpoint) const {
  const bool is_unix = endpoint.kind == rpc::Endpoint::Kind::Unix;
  if (is_unix || !first_) return is_unix && !first_;
  const std::optional<Bytes> bytes = bytes_of(endpoint.host);
  if (!bytes) return false;
  const std::size_t whole = prefix_bits_ / 8;
  if (!std::equal(bytes->begin(), bytes->begin() + whole, first_->begin())) return false;
  for (unsigned i = static_cast<unsigned>(whole) * 8; i < prefix_bits_; ++i) {
    if (bit(*bytes, i) != bit(*first_, i)) return false;
  }
  // "::/0" is all of IPv6, not of IPv4, which has a form of its own.
  const bool is_ipv4 = std::equal(bytes->begin(), bytes->begin() + kBitsBeforeIpv4 / 8, kIpv4.begin());
  return prefix_bits_ >= kBitsBeforeIpv4 || !is_ipv4;
}

}  // namespace sluice::gateway
