// TrustedProxies: whose word on a request's origin counts.
#pragma once

#include <span>
#include <string>

#include "gateway/http/address_range.h"
#include "gateway/http/message.h"
#include "rpc_core/base/endpoint.h"

namespace sluice::gateway {

bool contains(std::span<const AddressRange> ranges, const rpc::Endpoint& endpoint);

// The address behind the proxies that are trusted: from the peer on, backwards through X-Forwarded-For, the first one
// that is not. Where all are, or an entry is no address, the last one that is known.
std::string client_address(std::span<const AddressRange> trusted, const rpc::Endpoint& peer, const Headers& headers);

}  // namespace sluice::gateway
