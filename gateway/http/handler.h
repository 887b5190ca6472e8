// The seam between HTTP and everything above it: a Handler takes a Request and answers on a Responder.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "gateway/http/message.h"
#include "gateway/http/request_context.h"
#include "gateway/http/web_socket.h"
#include "rpc_core/base/buffer.h"
#include "rpc_core/base/loop.h"
#include "rpc_core/base/result.h"
#include "rpc_core/base/stop.h"
#include "rpc_core/base/task.h"
#include "rpc_core/transport/byte_stream.h"

namespace sluice::gateway {

// A piece of a request's body, without any transfer coding. The bytes are the session's, and valid until the next
// read_body() or the end of handle().
struct BodyChunk {
  std::span<const std::byte> bytes;
  // Nothing follows. A whole body that has already arrived comes as one chunk that is the last.
  bool last = false;

  std::string_view text() const { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
};

// One request: its head is parsed, its body is pulled. It lives until handle() has returned.
class Request {
 public:
  virtual ~Request() = default;

  virtual const RequestHead& head() const = 0;
  std::string_view method() const { return head().method; }
  std::string_view target() const { return head().target; }
  const Headers& headers() const { return head().headers; }

  virtual const rpc::PeerInfo& peer() const = 0;
  virtual RequestContext& context() = 0;
  // The loop of the thread on which this exchange lives and dies.
  virtual rpc::Loop& loop() = 0;

  // From now on a body of more bytes than this is an error of read_body(). Without a call there is no limit.
  virtual void limit_body(std::size_t bytes) = 0;

  // The next piece; an empty last one when there is no (more) body, again and again. A client that waits for
  // "100 Continue" gets it with the first call. One read_body() at a time; it may overlap with the Responder's
  // operations. Errors, each of them final (http_status_of_body_error() has the HTTP status that belongs to it):
  // RESOURCE_EXHAUSTED over the limit, INVALID_ARGUMENT broken chunks, DEADLINE_EXCEEDED the client paused for too
  // long, CANCELLED the client is gone, or the caller was stopped.
  virtual rpc::Task<rpc::Result<BodyChunk>> read_body() = 0;

  // Stops when the client closes or half-closes its connection, or when a drain has run out of patience. handle() runs
  // under this token.
  virtual rpc::StopToken gone() = 0;
};

// The answer to one request: send(), or begin(), then write()s, then end() or abort(). One operation at a time.
// What comes after the end of the answer, or after the client was lost, does nothing.
class Responder {
 public:
  virtual ~Responder() = default;

  // The whole answer at once, as one write. The body should have kResponseHeadroom bytes of head-room. On HEAD, and
  // with a status that forbids it, the body is not sent.
  virtual rpc::Task<void> send(Response whole) = 0;

  // The streaming path. What is begun and written leaves at the end of the loop's turn at the latest.
  // False, from begin() or write(): nobody takes the rest: the client is gone, or it asked for HEAD, or a stop came.
  virtual rpc::Task<bool> begin(ResponseHead head) = 0;
  // Resumes when there is room for more: this is the back-pressure. An empty buffer writes nothing.
  virtual rpc::Task<bool> write(rpc::Buffer bytes) = 0;
  // Completes the body. Trailers reach HTTP/1.1 clients only.
  virtual rpc::Task<void> end(Headers trailers) = 0;
  rpc::Task<void> end() { return end(Headers()); }
  // An end that no client takes for a good one: what was written goes out, the last chunk does not, and the connection
  // closes. (On HTTP/1.0, where the close ends every streamed body, a client cannot tell.) Before begin() it is an
  // answer of 500.
  virtual void abort() = 0;

  // Instead of an answer: the connection becomes a WebSocket, which lives until handle() has returned; the request has
  // passed asks_for_web_socket() and check_web_socket(). nullptr: the client is gone, or the connection cannot.
  virtual rpc::Task<WebSocket*> upgrade(std::size_t max_message_bytes);

  // Whether send(), begin() or upgrade() was called.
  virtual bool started() const = 0;
};

// Serves requests. When handle() returns, the exchange is over: an answer that was not started becomes a 500, one that
// was begun but not ended is aborted; what handle() throws is treated alike. Filters are handlers around the next
// handler.
class Handler {
 public:
  virtual ~Handler() = default;
  virtual rpc::Task<void> handle(Request& request, Responder& responder) = 0;
};

// 413, 400, 408, or 499 for a client that is not there any more.
int http_status_of_body_error(const rpc::Status& error);

}  // namespace sluice::gateway
