// Taking connections, securing them, running them, draining them.
#include "rpc_core/server/server_worker.h"

#include <string>
#include <utility>

#include "rpc_core/base/deadline_stop.h"
#include "rpc_core/server/server_connection.h"
#include "rpc_core/transport/tcp.h"
#include "rpc_core/transport/tls.h"

namespace sluice::rpc {

ServerWorker::ServerWorker(Loop& loop, ServerState& state)
    : loop_(loop), state_(state), connection_ended_(loop), tasks_(loop) {}

void ServerWorker::adopt(int descriptor) {
  expect_connection();
  adopt_expected(descriptor);
}

void ServerWorker::adopt_expected(int descriptor) {
  Result<std::unique_ptr<ByteStream>> bytes = adopt_socket(loop_, descriptor);
  if (bytes) {
    tasks_.spawn(run(*std::move(bytes)));
  } else {
    --load_;
  }
}

void ServerWorker::serve(std::unique_ptr<ByteStream> bytes) {
  expect_connection();
  tasks_.spawn(run(std::move(bytes)));
}

Task<void> ServerWorker::run(std::unique_ptr<ByteStream> bytes) {
  if (state_.options.tls) {
    Result<std::unique_ptr<ByteStream>> secured = co_await secure(std::move(bytes));
    if (secured) {
      bytes = *std::move(secured);
    } else if (state_.options.handshake_failed) {
      state_.options.handshake_failed(secured.error());
    }
  }
  if (bytes != nullptr && !shutting_down_) co_await run_secured(std::move(bytes));
  --load_;
}

Task<void> ServerWorker::run_secured(std::unique_ptr<ByteStream> bytes) {
  ServerConnection connection(loop_, std::move(bytes), state_);
  connections_.push_back(&connection);
  connection_list_.add(connection.connection());
  ++served_;
  co_await connection.run();
  --served_;
  connection_list_.remove(connection.connection());
  std::erase(connections_, &connection);
  connection_ended_.notify_all();
}

Task<Result<std::unique_ptr<ByteStream>>> ServerWorker::secure(std::unique_ptr<ByteStream> bytes) {
  const StopToken token = co_await current_stop();
  const std::string peer = bytes->peer().endpoint.to_string();
  DeadlineStop patience(loop_, deadline_after(loop_.now(), state_.options.handshake_timeout), token);
  Task<Result<std::unique_ptr<ByteStream>>> accepting =
      tls_accept(loop_, std::move(bytes), state_.options.tls->context());
  Result<std::unique_ptr<ByteStream>> secured = co_await std::move(accepting).with_stop(patience.token());
  if (!patience.expired()) co_return std::move(secured);
  co_return fail(StatusCode::Unavailable, "TLS with " + peer + ": the client took too long");
}

std::size_t ServerWorker::open_streams() const {
  std::size_t count = 0;
  for (const ServerConnection* connection : connections_) count += connection->open_streams();
  return count;
}

Task<void> ServerWorker::shut_down(Duration grace) {
  shutting_down_ = true;
  for (ServerConnection* connection : connections_) connection->shut_down();
  const StopToken token = co_await current_stop();
  DeadlineStop patience(loop_, deadline_after(loop_.now(), grace), token);
  const StopCallback hurry(tasks_.token(), [&patience] { patience.request_stop(); });
  while (!connections_.empty() && !patience.stop_requested()) {
    co_await connection_ended_.wait().with_stop(patience.token());
  }
  tasks_.request_stop();
  co_await tasks_.join();
}

Task<void> ServerWorker::cancel_calls() {
  tasks_.request_stop();
  co_return;
}

}  // namespace sluice::rpc
