#include "rpc_core/client/subchannel.h"

#include <algorithm>
#include <exception>
#include <optional>
#include <random>
#include <string>
#include <utility>

#include "rpc_core/base/deadline_stop.h"

namespace sluice::rpc {
namespace {

Status unavailable(std::string message) {
  return Status(StatusCode::Unavailable, std::move(message)).with_origin(Status::Origin::Transport);
}

}  // namespace

Subchannel::Subchannel(Loop& loop, std::unique_ptr<Resolver> resolver, Connector connector,
                       const SubchannelOptions& options)
    : loop_(loop),
      resolver_(std::move(resolver)),
      connector_(std::move(connector)),
      options_(options),
      backoff_(options.backoff, std::random_device()()),
      connection_changed_(loop),
      state_changed_(loop),
      tasks_(loop) {}

void Subchannel::set_state(ConnectivityState state) {
  if (state_ == ConnectivityState::Shutdown || state_ == state) return;
  state_ = state;
  state_changed_.notify_all();
  if (watcher_ != nullptr) watcher_->notify_all();
}

http2::Connection* Subchannel::ready_connection() {
  if (state_ != ConnectivityState::Ready) return nullptr;
  // A connection that has just ended is gone before the state says so.
  if (connection_ != nullptr && connection_->can_open()) return connection_;
  connection_changed_.notify();
  return nullptr;
}

Task<Result<http2::Connection*>> Subchannel::connection(bool wait_for_ready) {
  while (true) {
    if (http2::Connection* ready = ready_connection()) co_return ready;
    if (state_ == ConnectivityState::Shutdown) co_return fail(unavailable("the channel is shut down"));
    if (!failure_.ok() && !wait_for_ready) co_return fail(failure_);
    if (state_ == ConnectivityState::Idle) {
      connect();
      continue;
    }
    if (bool notified = co_await state_changed_.wait(); !notified) {
      co_return fail(StatusCode::Cancelled, "the call was cancelled");
    }
  }
}

void Subchannel::connect() {
  if (state_ != ConnectivityState::Idle) return;
  set_state(ConnectivityState::Connecting);
  tasks_.spawn(keep_connected());
}

Task<void> Subchannel::keep_connected() {
  const StopToken token = co_await current_stop();
  while (!token.stop_requested()) {
    set_state(ConnectivityState::Connecting);
    failure_ = co_await attempt();
    if (failure_.ok()) {
      const bool lived = co_await serve();
      if (lived) break;
      failure_ = unavailable("the backend closes connections as soon as they are made");
    }
    set_state(ConnectivityState::TransientFailure);
    co_await sleep_for(loop_, backoff_.next());
  }
  set_state(ConnectivityState::Idle);
}

// Until the connection takes no more streams. False: it was lost so soon that another attempt has to wait its turn.
Task<bool> Subchannel::serve() {
  const TimePoint since = loop_.now();
  set_state(ConnectivityState::Ready);
  while (connection_ != nullptr && connection_->can_open()) co_await connection_changed_.wait_through_stop();
  const bool retired = connection_ != nullptr && connection_->alive();
  const bool lived = retired || loop_.now() - since >= options_.backoff.initial;
  connection_ = nullptr;
  if (lived) backoff_.reset();
  co_return lived;
}

Task<Status> Subchannel::attempt() {
  try {
    co_return co_await attempt_all();
  } catch (const std::exception& exception) {
    co_return unavailable(std::string("connecting failed: ") + exception.what());
  }
}

Task<Status> Subchannel::attempt_all() {
  const StopToken token = co_await current_stop();
  DeadlineStop stop(loop_, deadline_after(loop_.now(), options_.connect_timeout), token);
  Result<std::vector<Endpoint>> endpoints = co_await resolver_->resolve().with_stop(stop.token());
  if (stop.expired()) co_return unavailable("resolving the backend's name took too long");
  if (!endpoints) co_return std::move(endpoints.error());
  std::vector<Endpoint> left = interleave_families(*std::move(endpoints));
  Status status = unavailable("the backend's name has no address");
  while (!left.empty()) {
    Task<Result<FirstConnected>> racing = connect_first(loop_, connector_, left, options_.next_address_after);
    Result<FirstConnected> first = co_await std::move(racing).with_stop(stop.token());
    if (first) status = co_await greet(std::move(first->bytes)).with_stop(stop.token());
    if (stop.expired()) co_return unavailable("the backend did not answer within the connect timeout");
    if (!first) co_return std::move(first.error());
    if (status.ok()) break;
    left.erase(left.begin() + static_cast<std::ptrdiff_t>(first->index));
  }
  co_return status;
}

Task<Status> Subchannel::greet(std::unique_ptr<ByteStream> bytes) {
  const std::string peer = bytes->peer().endpoint.to_string();
  auto connection = std::make_unique<http2::Connection>(loop_, std::move(bytes), http2::Role::Client, options_.http2);
  http2::Connection* attempted = connection.get();
  attempted->watch(&connection_changed_);
  connection_ = attempted;
  tasks_.spawn(run_connection(std::move(connection)));
  while (connection_ == attempted && !attempted->peer_ready()) {
    if (bool notified = co_await connection_changed_.wait(); notified) continue;
    if (connection_ == attempted) attempted->close(http2::ErrorCode::NoError);
    connection_ = nullptr;
  }
  if (connection_ == attempted) co_return Status();
  const std::string reason = connection_end_.ok() ? "" : ": " + connection_end_.message();
  co_return unavailable(peer + " closed the connection before its HTTP/2 SETTINGS" + reason);
}

// Owns the connection to its end, which may come long after a GOAWAY has made room for the next one.
Task<void> Subchannel::run_connection(std::unique_ptr<http2::Connection> connection) {
  connections_.add(*connection);
  Status end = co_await connection->run();
  connections_.remove(*connection);
  if (connection->pinged_too_much()) ping_less();
  if (connection_ != connection.get()) co_return;
  connection_end_ = std::move(end);
  connection_ = nullptr;
  connection_changed_.notify();
}

// https://github.com/grpc/proposal/blob/master/A8-client-side-keepalive.md ("Server Enforcement")
void Subchannel::ping_less() {
  std::optional<Duration>& after = options_.http2.life.keepalive_after;
  if (after) after = 2 * std::max<Duration>(*after, std::chrono::seconds(10));
}

Task<void> Subchannel::shut_down() {
  set_state(ConnectivityState::Shutdown);
  tasks_.request_stop();
  co_await tasks_.join();
}

}  // namespace sluice::rpc
