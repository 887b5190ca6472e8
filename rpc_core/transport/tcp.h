// TCP and unix-socket connections: connect, listen, and the ByteStream over an accepted or connected socket.
#pragma once

#include <functional>
#include <memory>

#include "rpc_core/base/endpoint.h"
#include "rpc_core/base/loop.h"
#include "rpc_core/base/result.h"
#include "rpc_core/transport/byte_stream.h"

namespace sluice::rpc {

// Connects to an endpoint whose host is an IP literal, or to a unix socket. UNAVAILABLE when nobody answers; CANCELLED when a
// stop was requested. TCP_NODELAY is set, and keepalive: a peer that is gone is noticed after two minutes.
Task<Result<std::unique_ptr<ByteStream>>> connect_socket(Loop& loop, Endpoint endpoint);

// A listening socket. Its loop accepts; the streams may be dealt to other loops.
class SocketListener {
 public:
  struct Options {
    int backlog = 4096;
    bool reuse_port = false;
  };

  // UNAVAILABLE when the address is taken or is not ours; INVALID_ARGUMENT when it is no IP literal. Both name it.
  // A unix socket that nobody listens on any more is replaced.
  static Result<std::unique_ptr<SocketListener>> open(Loop& loop, const Endpoint& endpoint, Options options);
  static Result<std::unique_ptr<SocketListener>> open(Loop& loop, const Endpoint& endpoint);

  virtual ~SocketListener() = default;

  // The next connection, as a raw descriptor that the caller owns: give it to adopt_socket() on the loop that will serve it.
  // Errors that concern one connection, or a lack of descriptors, are waited out; CANCELLED after close() or a stop.
  virtual Task<Result<int>> accept() = 0;
  // Nobody can connect any more. Connections that were made before and wait are still given by accept().
  virtual void close() = 0;
  // The bound address; its port is the real one when 0 was asked for.
  virtual const Endpoint& endpoint() const = 0;
};

// A ByteStream over a connected descriptor, which it owns from now on; options of TCP are as connect_socket() sets them.
Result<std::unique_ptr<ByteStream>> adopt_socket(Loop& loop, int descriptor);

}  // namespace sluice::rpc
