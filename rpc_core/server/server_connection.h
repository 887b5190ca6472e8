// ServerConnection: one client's connection: takes its requests, checks them, and runs a handler for each.
#pragma once

#include <memory>
#include <string>

#include "rpc_core/base/task_group.h"
#include "rpc_core/http2/connection.h"
#include "rpc_core/server/registry.h"

namespace sluice::rpc {

struct ServerOptions;
struct ServerState;
struct CallHead;
struct Refusal;

class ServerConnection {
 public:
  ServerConnection(Loop& loop, std::unique_ptr<ByteStream> bytes, ServerState& server);

  // Until the connection and every handler has ended. A stop cancels them. It does not throw: what is thrown in here,
  // out of memory for one, ends this connection and no other.
  Task<void> run();
  // No new requests; run() ends with the last handler.
  void shut_down() { connection_.shut_down(); }
  std::size_t open_streams() const { return connection_.open_streams(); }
  const http2::Connection& connection() const { return connection_; }

 private:
  class HandshakeTimer final : public Timer {
   public:
    explicit HandshakeTimer(http2::Connection& connection) : connection_(connection) {}

   private:
    void on_timer() override;
    http2::Connection& connection_;
  };

  Task<void> take_requests(TaskGroup& handlers);
  Task<void> serve(http2::StreamPtr stream);
  Task<void> refuse(http2::StreamPtr stream, Refusal refusal);
  Task<void> run_handler(http2::StreamPtr stream, CallHead head, Registry::Entry entry);

  Loop& loop_;
  ServerState& server_;
  const ServerOptions& options_;
  http2::Connection connection_;
  HandshakeTimer handshake_timer_{connection_};
  const std::string peer_;
};

}  // namespace sluice::rpc
