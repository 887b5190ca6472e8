// WebSocketExchange: a stream over a WebSocket: a message each frame, both ways at the same time.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "gateway/http/handler.h"
#include "gateway/http/web_socket.h"
#include "gateway/protocol/answer_wishes.h"
#include "gateway/protocol/exchange.h"
#include "gateway/protocol/request_binding.h"
#include "gateway/protocol/rest_route.h"
#include "gateway/protocol/rest_settings.h"
#include "rpc_core/base/task_group.h"
#include "rpc_core/base/waiter.h"

namespace sluice::gateway {

// Text frames with JSON; binary ones with the bytes of a google.api.HttpBody. An empty text message is the client's
// half-close, its Close cancels the call. What the client does wrong ends the call and shows in the code of the Close:
// 1003 the wrong kind of frame, 1007 text that does not bind, behind an error frame, 1008 a message behind the
// half-close. A call that fails ends with an error frame and 1011.
class WebSocketExchange final : public Exchange {
 public:
  WebSocketExchange(Request& request, const RestRoute& route, const RestSettings& settings);

  // Everything that can be wrong before the upgrade, while it can still be answered as plain HTTP.
  rpc::Result<void> bind(std::span<const std::string_view> captures, std::string_view query);
  // After the upgrade, before anything else of the exchange. The socket outlives it.
  void open(WebSocket& socket) { socket_ = &socket; }

  const CallPlan& plan() const override { return plan_; }
  rpc::Task<rpc::Result<std::optional<rpc::Buffer>>> read() override;
  rpc::Task<void> attend() override;
  rpc::Task<bool> begin(const rpc::Metadata& metadata) override;
  rpc::Task<bool> write(rpc::Buffer message) override;
  rpc::Task<void> end(const rpc::Status& status, const rpc::Metadata& trailers) override;

 private:
  rpc::Task<void> receive(rpc::TaskGroup& group);
  rpc::Task<void> keep_alive();
  bool takes(const WebSocketMessage& message);
  rpc::Result<std::optional<rpc::Buffer>> encode(std::string_view body);
  rpc::Result<rpc::Buffer> print(std::string_view message) const;
  rpc::Task<void> tell(const rpc::Status& status);

  Request& request_;
  const RestRoute& route_;
  const RestSettings settings_;
  AnswerWishes wishes_;
  const bool raw_requests_;
  RequestBinding binding_;
  CallPlan plan_;
  WebSocket* socket_ = nullptr;

  std::optional<WebSocketMessage> inbox_;
  rpc::Waiter arrived_;
  rpc::Waiter room_;
  bool last_taken_ = false;             // no message may follow, since the client does not stream
  bool half_closed_ = false;            // the client said so
  std::optional<CloseCode> fault_;      // of the client
  std::optional<rpc::Status> failure_;  // of the answer's transcoding
};

}  // namespace sluice::gateway
