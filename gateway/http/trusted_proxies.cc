// A walk along X-Forwarded-For, from its end.
#include "gateway/http/trusted_proxies.h"

#include <algorithm>
#include <string_view>

namespace sluice::gateway {
namespace {

// Without port and brackets: "192.0.2.1:80", "[2001:db8::1]:80", "2001:db8::1".
std::string_view without_port(std::string_view entry) {
  if (entry.starts_with('[')) return entry.substr(1, std::min(entry.find(']'), entry.size()) - 1);
  const std::size_t colon = entry.find(':');
  const bool one_colon = colon != std::string_view::npos && entry.find(':', colon + 1) == std::string_view::npos;
  return one_colon ? entry.substr(0, colon) : entry;
}

// The last element of the list, taken off.
std::string_view take_last(std::string_view& list) {
  const std::size_t comma = list.rfind(',');
  std::string_view entry = list.substr(comma == std::string_view::npos ? 0 : comma + 1);
  list = list.substr(0, comma == std::string_view::npos ? 0 : comma);
  while (entry.starts_with(' ') || entry.starts_with('\t')) entry.remove_prefix(1);
  while (entry.ends_with(' ') || entry.ends_with('\t')) entry.remove_suffix(1);
  return entry;
}

}  // namespace

bool contains(std::span<const AddressRange> ranges, const rpc::Endpoint& endpoint) {
  return std::ranges::any_of(ranges, [&](const AddressRange& range) { return range.contains(endpoint); });
}

std::string client_address(std::span<const AddressRange> trusted, const rpc::Endpoint& peer, const Headers& headers) {
  const PoolString list = headers.joined("X-Forwarded-For");
  rpc::Endpoint known = peer;
  std::string_view rest = list;
  while (contains(trusted, known) && !rest.empty()) {
    std::string address(without_port(take_last(rest)));
    if (!is_address(address)) break;
    known = rpc::Endpoint(rpc::Endpoint::Kind::Tcp, std::move(address), 0);
  }
  return known == peer ? peer.to_string() : known.host;
}

}  // namespace sluice::gateway
