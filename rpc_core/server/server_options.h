// ServerOptions: what a server allows, keeps and tells.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rpc_core/base/loop.h"
#include "rpc_core/http2/session.h"
#include "rpc_core/transport/tls_context.h"

namespace sluice::rpc {

struct ServerOptions {
  http2::SessionOptions http2 = http2::server_session_options();
  // Loops that serve, the server's own among them; 0: one for each CPU. Those that are not in `loops` run on threads
  // that the server starts. A new connection goes to the loop with the fewest.
  std::size_t workers = 1;
  // Loops of the user's that serve beside the server's own. Each runs, on a thread of its own, from before listen()
  // until the server is gone.
  std::vector<Loop*> loops;
  // Handlers that may run at a time, over all connections and loops; beyond them calls end with RESOURCE_EXHAUSTED.
  std::size_t max_running_calls = 100'000;
  // The largest message to receive, after decompression.
  std::size_t max_receive_bytes = 4 << 20;
  // How many bytes of a call may wait to be sent before write() does not resume.
  std::size_t send_buffer_bytes = 64 * 1024;
  // For TLS, and then again for the client's first bytes: the preface and its SETTINGS. Then the connection is closed.
  Duration handshake_timeout = std::chrono::seconds(120);
  // Serves TLS, and only that; their context may be replaced at any time. None: plain text.
  std::shared_ptr<const TlsCredentials> tls;
  // Hears why a client's TLS handshake failed, on the loop of its connection.
  std::function<void(const Status&)> handshake_failed;
  // Answers a request that is no gRPC by its path: the body of a 200 response in text/plain; nothing: 415.
  // Called on the loop of the connection.
  std::function<std::optional<std::string>(std::string_view path)> plain_http;
};

}  // namespace sluice::rpc
