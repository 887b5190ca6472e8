// ServerWorker: the connections of a server that live on one loop.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <vector>

#include "rpc_core/base/task_group.h"
#include "rpc_core/base/waiter.h"
#include "rpc_core/http2/connection_list.h"
#include "rpc_core/server/registry.h"
#include "rpc_core/server/server_options.h"
#include "rpc_core/transport/byte_stream.h"

namespace sluice::rpc {

class ServerConnection;

// What a server's connections share, on all of its loops.
struct ServerState {
  const ServerOptions options;
  Registry registry;
  std::atomic<std::size_t> running_calls = 0;
};

// Everything is called on its loop, but for what says otherwise.
class ServerWorker {
 public:
  ServerWorker(Loop& loop, ServerState& state);
  ServerWorker(const ServerWorker&) = delete;
  ServerWorker& operator=(const ServerWorker&) = delete;

  Loop& loop() { return loop_; }

  // Serves a connected socket, which it owns from now on. From another thread: expect_connection() there at once, and
  // adopt_expected() on the loop.
  void adopt(int descriptor);
  void expect_connection() { ++load_; }
  void adopt_expected(int descriptor);
  void serve(std::unique_ptr<ByteStream> bytes);

  // No new connections and calls; waits for the running calls, cancels them after `grace` or at a stop, and returns
  // when all has ended.
  Task<void> shut_down(Duration grace);
  // Ends the grace.
  Task<void> cancel_calls();

  // From any thread: connections that it was given and still has; and those of them that speak HTTP/2.
  std::size_t load() const { return load_.load(std::memory_order_relaxed); }
  std::size_t connections() const { return served_.load(std::memory_order_relaxed); }

  std::size_t open_streams() const;
  void add_to(http2::ConnectionsReport& report) const { connection_list_.add_to(report); }

 private:
  Task<void> run(std::unique_ptr<ByteStream> bytes);
  Task<void> run_secured(std::unique_ptr<ByteStream> bytes);
  Task<Result<std::unique_ptr<ByteStream>>> secure(std::unique_ptr<ByteStream> bytes);

  Loop& loop_;
  ServerState& state_;
  std::vector<ServerConnection*> connections_;
  http2::ConnectionList connection_list_;
  WaitQueue connection_ended_;
  TaskGroup tasks_;
  bool shutting_down_ = false;
  std::atomic<std::size_t> load_ = 0;
  std::atomic<std::size_t> served_ = 0;
};

}  // namespace sluice::rpc
