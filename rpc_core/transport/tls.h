// TLS over any ByteStream: the handshake of either side, after which the stream's bytes are the plaintext.
#pragma once

#include <memory>
#include <string>

#include "rpc_core/base/loop.h"
#include "rpc_core/transport/byte_stream.h"
#include "rpc_core/transport/tls_context.h"

namespace sluice::rpc {

// As the client, to a server whose certificate has to be for that host name or IP address (which is sent as SNI too).
// UNAVAILABLE, with the peer's address and what was expected and what came, when the handshake fails; CANCELLED when a
// stop was requested.
Task<Result<std::unique_ptr<ByteStream>>> tls_connect(Loop& loop, std::unique_ptr<ByteStream> stream,
                                                      std::shared_ptr<const TlsContext> context,
                                                      std::string server_name);

// As the server.
Task<Result<std::unique_ptr<ByteStream>>> tls_accept(Loop& loop, std::unique_ptr<ByteStream> stream,
                                                     std::shared_ptr<const TlsContext> context);

}  // namespace sluice::rpc
