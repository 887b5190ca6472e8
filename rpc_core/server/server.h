// Server: serves registered services to gRPC clients on one loop.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rpc_core/base/task_group.h"
#include "rpc_core/http2/connection_list.h"
#include "rpc_core/http2/session.h"
#include "rpc_core/server/registry.h"
#include "rpc_core/transport/tcp.h"
#include "rpc_core/transport/tls_context.h"

namespace sluice::rpc {

struct ServerOptions {
  http2::SessionOptions http2 = http2::server_session_options();
  // Handlers that may run at a time, over all connections; beyond them calls end with RESOURCE_EXHAUSTED.
  std::size_t max_running_calls = 100'000;
  // The largest message to receive, after decompression.
  std::size_t max_receive_bytes = 4 << 20;
  // How many bytes of a call may wait to be sent before write() does not resume.
  std::size_t send_buffer_bytes = 64 * 1024;
  // For TLS, and then again for the client's first bytes: the preface and its SETTINGS. Then the connection is closed.
  Duration handshake_timeout = std::chrono::seconds(120);
  // Serves TLS, and only that; their context may be replaced at any time. None: plain text.
  std::shared_ptr<const TlsCredentials> tls;
  // Hears why a client's TLS handshake failed.
  std::function<void(const Status&)> handshake_failed;
  // Answers a request that is no gRPC by its path: the body of a 200 response in text/plain; nothing: 415.
  std::function<std::optional<std::string>(std::string_view path)> plain_http;
};

class ServerConnection;

// What a server's connections share.
struct ServerState {
  const ServerOptions options;
  Registry registry;
  std::size_t running_calls = 0;
};

// Belongs to one loop and starts no thread.
//
//   Server server(loop, {});
//   server.add(greeter);
//   Result<Endpoint> endpoint = server.listen(*parse_endpoint("127.0.0.1:0"));
//   loop.run();
//   …
//   co_await server.shut_down(std::chrono::seconds(5));
class Server {
 public:
  Server(Loop& loop, ServerOptions options);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Before the first listen() or serve(). The service outlives the server.
  void add(Service& service) { state_.registry.add(service); }

  // Listens and accepts from now on; gives the address with its real port.
  Result<Endpoint> listen(const Endpoint& endpoint);
  // Serves one connection that exists already.
  void serve(std::unique_ptr<ByteStream> bytes);

  // No new connections and calls; waits for the running calls, after `grace` cancels them, and returns when all has
  // ended. It is awaited before the server is destroyed.
  Task<void> shut_down(Duration grace);

  std::size_t connections() const { return connections_.size(); }
  // Of all connections.
  std::size_t open_streams() const;
  http2::ConnectionsReport report() const;
  std::size_t running_calls() const { return state_.running_calls; }

 private:
  friend class ServerConnection;

  Task<void> accept(SocketListener& listener);
  Task<void> run(std::unique_ptr<ByteStream> bytes);
  Task<Result<std::unique_ptr<ByteStream>>> secure(std::unique_ptr<ByteStream> bytes);

  Loop& loop_;
  ServerState state_;
  std::vector<std::unique_ptr<SocketListener>> listeners_;
  std::vector<ServerConnection*> connections_;
  http2::ConnectionList connection_list_;
  WaitQueue connection_ended_;
  TaskGroup tasks_;
};

}  // namespace sluice::rpc
