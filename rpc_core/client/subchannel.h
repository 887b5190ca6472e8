// Subchannel: keeps one HTTP/2 connection to a backend, and makes a new one when it is lost.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "rpc_core/base/task_group.h"
#include "rpc_core/client/backoff.h"
#include "rpc_core/client/connect_first.h"
#include "rpc_core/http2/connection.h"
#include "rpc_core/http2/connection_list.h"
#include "rpc_core/naming/resolver.h"

namespace sluice::rpc {

// https://github.com/grpc/grpc/blob/master/doc/connectivity-semantics-and-api.md
enum class ConnectivityState : std::uint8_t { Idle, Connecting, Ready, TransientFailure, Shutdown };

struct SubchannelOptions {
  http2::SessionOptions http2;
  BackoffOptions backoff;
  // While one address does not answer, the next is tried beside it after so long (RFC 8305 section 5).
  Duration next_address_after = std::chrono::milliseconds(250);
  // For one attempt: resolving, connecting, and the peer's first SETTINGS.
  Duration connect_timeout = std::chrono::seconds(20);
};

// Idle until the first call; then it connects, to the address that answers first, and goes on trying, with backoff,
// until one does. When a connection that worked is lost it is Idle again; one that is lost within the first backoff's
// time counts as a failed attempt, so that a backend that drops connections is not hammered.
class Subchannel {
 public:
  Subchannel(Loop& loop, std::unique_ptr<Resolver> resolver, Connector connector, const SubchannelOptions& options);
  Subchannel(const Subchannel&) = delete;
  Subchannel& operator=(const Subchannel&) = delete;

  ConnectivityState state() const { return state_; }
  // Wakes on each change of state.
  WaitQueue& state_changed() { return state_changed_; }
  // Wakes that one, too; it outlives the subchannel.
  void watch(WaitQueue* watcher) { watcher_ = watcher; }
  // Why the last attempt failed; OK after one that did not.
  const Status& last_failure() const { return failure_; }

  // A connection that takes a new stream now, if there is one. Never waits.
  http2::Connection* ready_connection();
  // Connects if need be. Unless it may wait it fails with UNAVAILABLE from an attempt that failed to one that does not,
  // also while that is tried (gRFC A62, "sticky" TRANSIENT_FAILURE); CANCELLED by a stop.
  Task<Result<http2::Connection*>> connection(bool wait_for_ready);
  // Leaves Idle without a call.
  void connect();
  // Calls that run on the newest connection.
  std::size_t open_streams() const { return connection_ != nullptr ? connection_->open_streams() : 0; }
  const http2::ConnectionList& connections() const { return connections_; }
  // On the newest connection, if there is one.
  void ping() {
    if (connection_ != nullptr) connection_->ping();
  }

  // Ends all connections, at once; calls that run get UNAVAILABLE. It is awaited before the subchannel is destroyed.
  Task<void> shut_down();

 private:
  Task<void> keep_connected();
  Task<bool> serve();
  // One attempt over all addresses; OK: connection_ is set and ready. What a connector throws is a failed attempt.
  Task<Status> attempt();
  Task<Status> attempt_all();
  // Speaks HTTP/2 on a connection that has been made.
  Task<Status> greet(std::unique_ptr<ByteStream> bytes);
  Task<void> run_connection(std::unique_ptr<http2::Connection> connection);
  void ping_less();
  void set_state(ConnectivityState state);

  Loop& loop_;
  std::unique_ptr<Resolver> resolver_;
  Connector connector_;
  SubchannelOptions options_;
  Backoff backoff_;
  ConnectivityState state_ = ConnectivityState::Idle;
  Status failure_;
  http2::Connection* connection_ = nullptr;  // the newest; null when it has ended
  http2::ConnectionList connections_;
  Status connection_end_;  // why it has
  Waiter connection_changed_;
  WaitQueue state_changed_;
  WaitQueue* watcher_ = nullptr;
  TaskGroup tasks_;
};

}  // namespace sluice::rpc
