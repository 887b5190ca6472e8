// PeerIdentity: who the other end is, by a certificate that was verified.
#pragma once

#include <string>
#include <vector>

namespace sluice::rpc {

struct PeerIdentity {
  // "CN=client,O=Example" (RFC 2253: the most specific part first).
  std::string subject;
  // Subject alternative names: "DNS:a.example", "URI:spiffe://example/a", "IP:10.0.0.1", "email:a@example".
  std::vector<std::string> names;

  friend bool operator==(const PeerIdentity&, const PeerIdentity&) = default;
};

}  // namespace sluice::rpc
