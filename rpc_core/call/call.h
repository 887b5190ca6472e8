// One RPC as a stream of encoded messages, seen from the client (Call) and from the server (ServerCall).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "rpc_core/base/buffer.h"
#include "rpc_core/base/clock.h"
#include "rpc_core/base/metadata.h"
#include "rpc_core/base/peer_identity.h"
#include "rpc_core/base/result.h"
#include "rpc_core/base/stop.h"
#include "rpc_core/base/task.h"
#include "rpc_core/call/credentials.h"

namespace sluice::rpc {

class Loop;

// How many messages go each way. Unary is "exactly one message each way"; one stream type serves all four.
enum class CallMode : std::uint8_t { Unary, ClientStreaming, ServerStreaming, BidiStreaming };

// Trivially destructible, so that {.timeout = 200ms} may stand in the expression that awaits the call. What it points
// to is copied before start() returns.
struct CallOptions {
  // The earlier of the two counts; sent as grpc-timeout and enforced here: DEADLINE_EXCEEDED.
  std::optional<Duration> timeout = {};
  std::optional<TimePoint> deadline = {};
  // Sent as initial metadata, "-bin" values as raw bytes.
  const Metadata* metadata = nullptr;
  // Largest message to receive, after decompression; 0: the channel's own limit. Beyond it: RESOURCE_EXHAUSTED.
  std::size_t max_receive_bytes = 0;
  // Largest message to send, before compression; 0: the channel's own limit. Beyond it: RESOURCE_EXHAUSTED.
  std::size_t max_send_bytes = 0;
  // Compresses messages with "gzip" or "deflate"; empty: the channel's choice.
  std::string_view compression = {};
  // Asked for more metadata when the call starts; they live as long as the call.
  const CallCredentials* credentials = nullptr;
  // Waits for a connection until the deadline, where a call otherwise fails at once with UNAVAILABLE. Not set: what the
  // channel has for the method, else false.
  std::optional<bool> wait_for_ready = {};
};

struct WriteOptions {
  // This is the last message: the half-close travels with it.
  bool last = false;
  // False: never compress this message, whatever was agreed.
  bool compress = true;
};

// The client's side of one RPC. Messages are encoded protobuf, in buffers that should have kMessagePrefixBytes of
// head-room (without it they are copied once).
//
// One writer (write, finish_writing) and one reader (headers, read, finish) may overlap; two of a kind may not.
// A stop request ends a pending operation, and with it the call: CANCELLED.
// Destroying it with no operation pending cancels the call, if it still runs, and releases all it holds. With one
// pending, request a stop first and await the end of the operation.
class Call {
 public:
  virtual ~Call() = default;

  // Takes the message; resumes when there is room for another: this is the back-pressure.
  // False: the call is over, and finish() tells why.
  virtual Task<bool> write(Buffer message, WriteOptions options) = 0;
  Task<bool> write(Buffer message) { return write(std::move(message), WriteOptions()); }
  // No more messages from here. Idempotent.
  virtual Task<void> finish_writing() = 0;
  // Initial metadata, valid as long as the call. nullptr: the call ended without (its metadata is all in trailers()).
  virtual Task<const Metadata*> headers() = 0;
  // The next message, or nothing when no more will come: finish() tells whether that is a good end.
  virtual Task<std::optional<Buffer>> read() = 0;
  // Whether the message that read() gave last travelled compressed.
  virtual bool last_message_compressed() const { return false; }
  // Waits for the end, discarding messages that nobody read, and gives the one status of the call; again the same
  // later.
  virtual Task<Status> finish() = 0;
  // Ready after finish().
  virtual const Metadata& trailers() const = 0;
};

// Whatever can start calls: a channel, an in-process server, an interceptor around either.
// It outlives the calls that it starts.
class Caller {
 public:
  virtual ~Caller() = default;
  // path is "/package.Service/Method". Starting never fails and never waits: what goes wrong is the call's status.
  virtual std::unique_ptr<Call> start(std::string_view path, const CallOptions& options) = 0;
  virtual Loop& loop() = 0;
};

// What a server knows of a call when its handler starts. Valid as long as the call.
struct CallInfo {
  std::string_view path;  // "/package.Service/Method"; it and the other views last as long as the call
  std::string_view authority;
  Metadata metadata;  // without the protocol's own fields; "-bin" values as raw bytes
  std::optional<TimePoint> deadline;
  std::string_view peer;                        // "127.0.0.1:41234"
  const PeerIdentity* peer_identity = nullptr;  // of the verified client certificate; nullptr without one
};

// The server's side of one RPC: what a handler holds. The same contract seen from the other end: one reader and one
// writer may overlap. finish() comes last and once.
class ServerCall {
 public:
  virtual ~ServerCall() = default;

  virtual const CallInfo& info() const = 0;
  virtual Loop& loop() = 0;
  // The next message; nothing: the client half-closed, is gone, or sent what is no message (cancelled() tells which).
  virtual Task<std::optional<Buffer>> read() = 0;
  // Whether the message that read() gave last travelled compressed.
  virtual bool last_message_compressed() const { return false; }
  // "Headers now"; implied by the first write. False: the client is gone.
  virtual Task<bool> send_headers(const Metadata& metadata) = 0;
  // Compresses what is written from now on with "gzip" or "deflate". Before the first write or send_headers(); false:
  // the client does not accept it, and messages go out as they are.
  virtual bool set_compression(std::string_view) { return false; }
  virtual Task<bool> write(Buffer message, WriteOptions options) = 0;
  Task<bool> write(Buffer message) { return write(std::move(message), WriteOptions()); }
  // Ends the call. Before the first message a bad status goes out as Trailers-Only.
  virtual Task<void> finish(Status status, const Metadata& trailers) = 0;
  Task<void> finish(Status status) { return finish(std::move(status), no_metadata()); }
  // Stops on the deadline, a RST_STREAM, a lost connection, or a protocol error of the client. Handlers run under it.
  virtual StopToken cancelled() = 0;
  // Why read() ended early: OK after a proper half-close.
  virtual Status receive_status() const = 0;

 private:
  static const Metadata& no_metadata();
};

// Serves calls. The call lives until handle() has returned; a handler that returns without finish() ends it with
// UNKNOWN.
class CallHandler {
 public:
  virtual ~CallHandler() = default;
  virtual Task<void> handle(ServerCall& call) = 0;
};

}  // namespace sluice::rpc
