#include "rpc_core/server/server.h"

#include <algorithm>
#include <utility>

#include "rpc_core/base/deadline_stop.h"
#include "rpc_core/server/server_connection.h"
#include "rpc_core/transport/tls.h"

namespace sluice::rpc {

Server::Server(Loop& loop, ServerOptions options)
    : loop_(loop), state_{std::move(options), Registry()}, connection_ended_(loop), tasks_(loop) {}

Server::~Server() = default;

Result<Endpoint> Server::listen(const Endpoint& endpoint) {
  Result<std::unique_ptr<SocketListener>> listener = SocketListener::open(loop_, endpoint);
  if (!listener) return fail(listener.error());
  listeners_.push_back(*std::move(listener));
  tasks_.spawn(accept(*listeners_.back()));
  return listeners_.back()->endpoint();
}

Task<void> Server::accept(SocketListener& listener) {
  while (true) {
    const Result<int> descriptor = co_await listener.accept();
    if (!descriptor) co_return;
    Result<std::unique_ptr<ByteStream>> bytes = adopt_socket(loop_, *descriptor);
    if (bytes) serve(*std::move(bytes));
  }
}

void Server::serve(std::unique_ptr<ByteStream> bytes) { tasks_.spawn(run(std::move(bytes))); }

Task<void> Server::run(std::unique_ptr<ByteStream> bytes) {
  if (state_.options.tls) {
    Result<std::unique_ptr<ByteStream>> secured = co_await secure(std::move(bytes));
    if (!secured) {
      if (state_.options.handshake_failed) state_.options.handshake_failed(secured.error());
      co_return;
    }
    bytes = *std::move(secured);
  }
  ServerConnection connection(loop_, std::move(bytes), state_);
  connections_.push_back(&connection);
  connection_list_.add(connection.connection());
  co_await connection.run();
  connection_list_.remove(connection.connection());
  std::erase(connections_, &connection);
  connection_ended_.notify_all();
}

Task<Result<std::unique_ptr<ByteStream>>> Server::secure(std::unique_ptr<ByteStream> bytes) {
  const StopToken token = co_await current_stop();
  const std::string peer = bytes->peer().endpoint.to_string();
  DeadlineStop patience(loop_, deadline_after(loop_.now(), state_.options.handshake_timeout), token);
  Task<Result<std::unique_ptr<ByteStream>>> accepting =
      tls_accept(loop_, std::move(bytes), state_.options.tls->context());
  Result<std::unique_ptr<ByteStream>> secured = co_await std::move(accepting).with_stop(patience.token());
  if (!patience.expired()) co_return std::move(secured);
  co_return fail(StatusCode::Unavailable, "TLS with " + peer + ": the client took too long");
}

std::size_t Server::open_streams() const {
  std::size_t count = 0;
  for (const ServerConnection* connection : connections_) count += connection->open_streams();
  return count;
}

http2::ConnectionsReport Server::report() const {
  http2::ConnectionsReport report;
  connection_list_.add_to(report);
  return report;
}

Task<void> Server::shut_down(Duration grace) {
  for (const auto& listener : listeners_) listener->close();
  for (ServerConnection* connection : connections_) connection->shut_down();
  const StopToken token = co_await current_stop();
  DeadlineStop patience(loop_, deadline_after(loop_.now(), grace), token);
  while (!connections_.empty() && !patience.stop_requested()) {
    co_await connection_ended_.wait().with_stop(patience.token());
  }
  tasks_.request_stop();
  co_await tasks_.join();
}

}  // namespace sluice::rpc
