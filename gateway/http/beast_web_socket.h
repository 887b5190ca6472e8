// BeastWebSocket: a WebSocket on a session's connection, by Beast.
#pragma once

#include <cstddef>
#include <memory>

#include "gateway/http/input.h"
#include "gateway/http/output.h"
#include "gateway/http/web_socket.h"
#include "rpc_core/base/loop.h"

namespace sluice::gateway {

// With permessage-deflate where the client offers it. finish() is awaited on every path before it goes away.
class BeastWebSocket final : public WebSocket {
 public:
  // A longer message, inflated, is answered 1009.
  BeastWebSocket(rpc::Loop& loop, Input& input, Output& output, std::size_t max_message_bytes);
  ~BeastWebSocket() override;

  // Answers 101. False: the client is gone. The request has been checked.
  rpc::Task<bool> accept(const RequestHead& head);
  // Ends what close() has not.
  rpc::Task<void> finish();
  // A message of the client was too long.
  bool refused_size() const;

  rpc::Task<std::optional<WebSocketMessage>> read() override;
  rpc::Task<bool> write(rpc::Buffer message, bool binary) override;
  rpc::Task<void> ping() override;
  rpc::TimePoint last_heard() const override;
  rpc::Task<void> close(CloseCode code, std::string_view reason) override;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sluice::gateway
