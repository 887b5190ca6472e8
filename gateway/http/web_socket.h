// The seam to WebSockets (RFC 6455): what a connection is after its upgrade, and which requests ask for one.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "gateway/http/error_writer.h"
#include "gateway/http/message.h"
#include "rpc_core/base/buffer.h"
#include "rpc_core/base/clock.h"
#include "rpc_core/base/task.h"

namespace sluice::gateway {

// A GET on HTTP/1.1, without a body, with "Connection: Upgrade" and "Upgrade: websocket".
bool asks_for_web_socket(const RequestHead& head);
// What is wrong with such a request: 400 the key, 426 the version, 403 an Origin that is neither the host and port of
// the request nor one of `origins` ("https://host[:port]", or "*").
std::optional<HttpError> check_web_socket(const RequestHead& head, std::span<const std::string> origins);

// The codes of RFC 6455 section 7.4.1 that the gateway sends.
enum class CloseCode : std::uint16_t {
  Normal = 1000,
  GoingAway = 1001,
  Unacceptable = 1003,
  BadPayload = 1007,
  Policy = 1008,
  TooBig = 1009,
  Internal = 1011,
};

struct WebSocketMessage {
  rpc::Buffer bytes;
  bool binary = false;
};

// An open WebSocket. One read, one write, one ping and one close may overlap.
class WebSocket {
 public:
  virtual ~WebSocket() = default;

  // The next message, whole. Nothing: the client has closed, is gone, or broke the protocol or the limit on messages
  // (1002, 1007, 1009, which it was told); or a stop was requested. One message is read ahead.
  virtual rpc::Task<std::optional<WebSocketMessage>> read() = 0;
  // Resumes when there is room for more. False: nobody takes it.
  virtual rpc::Task<bool> write(rpc::Buffer message, bool binary) = 0;
  virtual rpc::Task<void> ping() = 0;
  // When the client was last heard of, pongs included.
  virtual rpc::TimePoint last_heard() const = 0;
  // Sends a Close, drops what still comes, and waits for the client's own; not for long. The last operation.
  virtual rpc::Task<void> close(CloseCode code, std::string_view reason) = 0;
};

}  // namespace sluice::gateway
