// InProcessExchange: what the two ends of an in-process call share.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "rpc_core/base/loop.h"
#include "rpc_core/base/waiter.h"
#include "rpc_core/call/call.h"
#include "rpc_core/call/message_queue.h"

namespace sluice::rpc {

// Held by the client's Call and by the handler's task, whichever is released last (hence shared_ptr).
class InProcessExchange final : private Timer {
 public:
  InProcessExchange(Loop& loop, CallInfo info, std::size_t queued_messages, std::size_t receive_bytes);

  // From now on the deadline ends the call.
  void start_clock();
  // The server's end: messages that the client has not read yet stay. Only the first end counts.
  void finish(Status status, const Metadata& trailers);
  // Any other end: nothing more is read, and the handler is told to stop.
  void abort(Status status);

  bool ended() const { return ended_; }
  const CallInfo& info() const { return info_; }
  // Before there is a server_end().
  void add_metadata(const Metadata& metadata) { info_.metadata.add_all(metadata); }
  StopToken cancelled() { return cancelled_.token(); }
  void set_headers(const Metadata& metadata);

  // The two ends. The client's destruction aborts the call.
  static std::unique_ptr<Call> client_end(std::shared_ptr<InProcessExchange> exchange);
  static std::unique_ptr<ServerCall> server_end(InProcessExchange& exchange);

 private:
  class ClientEnd;
  class ServerEnd;

  void on_timer() override;
  void end(Status status, const Metadata& trailers);

  Loop& loop_;
  const std::string path_;  // what the call's info refers to
  CallInfo info_;
  const std::size_t receive_bytes_;
  MessageQueue requests_;
  MessageQueue responses_;
  Waiter client_changed_;  // headers or the end
  StopSource cancelled_;
  std::optional<Metadata> headers_;
  Metadata trailers_;
  Status status_;
  bool ended_ = false;
  bool aborted_ = false;
};

}  // namespace sluice::rpc
