// ServerContext: what a handler knows of its call, and what it sends beside its messages.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "rpc_core/base/result.h"
#include "rpc_core/call/call.h"

namespace sluice::rpc {

// Lives as long as the handler's task. A handler runs under cancelled(): what it awaits ends when the client is gone.
//
//   Task<Result<Reply>> Front::show(ServerContext& context, const Query& query) {
//     context.trailers().add("x-cost", "12");
//     co_return co_await backend_.find(query, context.child_options());   // the same deadline, the same trace
//   }
class ServerContext {
 public:
  explicit ServerContext(ServerCall& call) : call_(call) {}
  ServerContext(const ServerContext&) = delete;
  ServerContext& operator=(const ServerContext&) = delete;

  std::string_view path() const { return call_.info().path; }
  std::string_view authority() const { return call_.info().authority; }
  const Metadata& metadata() const { return call_.info().metadata; }
  std::string_view peer() const { return call_.info().peer; }
  // Whom the client's verified certificate names; nullptr without one.
  const PeerIdentity* peer_identity() const { return call_.info().peer_identity; }
  Loop& loop() { return call_.loop(); }
  StopToken cancelled() { return call_.cancelled(); }

  std::optional<TimePoint> deadline() const { return call_.info().deadline; }
  // Until the deadline, zero once it has passed; nothing without one.
  std::optional<Duration> remaining() const;
  // For calls made on behalf of this one: its deadline, and its request id and trace context (the metadata
  // x-request-id, traceparent, tracestate). Valid as long as the context.
  CallOptions child_options();

  // Goes out before the first message; what is added later does not.
  Metadata& initial_metadata() { return initial_metadata_; }
  // Goes out with the status.
  Metadata& trailers() { return trailers_; }
  // Sends the initial metadata now instead of with the first message. False: the client is gone.
  Task<bool> send_headers();

  // Compresses the messages with "gzip" or "deflate"; before the first one. False: the client does not accept it.
  bool set_compression(std::string_view name) { return call_.set_compression(name); }

  // For Reader, Writer and the adaptors. fail() gives a handler that returns OK another status; the first one counts.
  ServerCall& call() { return call_; }
  Task<bool> write(Result<Buffer> message, WriteOptions options);
  void fail(Status status);
  Task<void> finish(Status status);
  // The message, or the status in its place.
  Task<void> finish(Result<Buffer> message);

 private:
  Task<bool> write_with_headers(Buffer message, WriteOptions options);
  static Task<bool> refused();

  ServerCall& call_;
  Metadata initial_metadata_;
  Metadata trailers_;
  Metadata inherited_;
  Status failure_;
  bool headers_sent_ = false;
};

}  // namespace sluice::rpc
