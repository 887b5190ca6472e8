// connect_first: connects to whichever of several addresses answers first ("happy eyeballs", RFC 8305).
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include "rpc_core/base/endpoint.h"
#include "rpc_core/base/loop.h"
#include "rpc_core/base/result.h"
#include "rpc_core/transport/byte_stream.h"

namespace sluice::rpc {

// How to get a connected stream to an address; connect_socket() unless a test or TLS has its own way.
using Connector = std::function<Task<Result<std::unique_ptr<ByteStream>>>(Loop&, Endpoint)>;

// IPv6 and IPv4 in turn, beginning with the family that came first; the order within each stays (section 4).
std::vector<Endpoint> interleave_families(std::vector<Endpoint> endpoints);

struct FirstConnected {
  FirstConnected(std::size_t its_index, std::unique_ptr<ByteStream> its_bytes)
      : index(its_index), bytes(std::move(its_bytes)) {}
  std::size_t index;  // of the endpoint
  std::unique_ptr<ByteStream> bytes;
};

// Tries the endpoints in order: the next one as soon as one has failed, or `delay` after the one before has begun,
// while that goes on. The others are given up when one has connected. UNAVAILABLE, with what each of them said, when
// all have failed; CANCELLED when a stop was requested.
Task<Result<FirstConnected>> connect_first(Loop& loop, const Connector& connector, std::vector<Endpoint> endpoints,
                                           Duration delay);

}  // namespace sluice::rpc
