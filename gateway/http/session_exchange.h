// SessionExchange: one request and its answer on an HTTP/1.1 connection.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>

#include "gateway/http/beast_web_socket.h"
#include "gateway/http/handler.h"
#include "gateway/http/input.h"
#include "gateway/http/output.h"
#include "gateway/http/request_parser.h"
#include "gateway/http/response_writer.h"
#include "gateway/http/session_services.h"
#include "gateway/http/streamed_body.h"
#include "rpc_core/base/stop.h"

namespace sluice::gateway {

// Made when the first bytes of a request are there, and gone with the end of its answer. Usage:
//
//   bool good = exchange.take_head();
//   if (!good) good = co_await exchange.read_head();
//   if (good) co_await exchange.handle();
//   const bool open = co_await exchange.finish();
class SessionExchange final : public Request, public Responder {
 public:
  SessionExchange(SessionServices& services, Input& input, Output& output, const rpc::PeerInfo& peer,
                  rpc::StopToken session_stop);
  ~SessionExchange() override;

  // Whether the head is there already; otherwise read_head() goes on.
  bool take_head();
  // False: there is no request to handle; what was to be answered was answered.
  rpc::Task<bool> read_head();
  // The handler's work, under the token of gone(). What it throws is told back.
  rpc::Task<void> handle();
  void handler_failed() { handler_failed_ = true; }
  // The gateway stops: breaks the handler off, whose answer still reaches the client.
  void cancel() {
    context_.stopping = true;
    handling_.request_stop();
  }
  // Brings the answer to its end, whatever the handler has left undone. True: the connection can take the next request.
  rpc::Task<bool> finish();
  // Nothing is left to finish: what it would give.
  bool finished() const { return started_ && !streamed_ && !web_socket_ && parser_.body_done(); }
  bool stays_open() const { return keep_alive_ && !output_.lost() && !gone_.stop_requested(); }

  const RequestHead& head() const override { return head_; }
  const rpc::PeerInfo& peer() const override { return peer_; }
  RequestContext& context() override { return context_; }
  rpc::Loop& loop() override { return services_.loop; }
  void limit_body(std::size_t bytes) override { body_limit_ = bytes; }
  rpc::Task<rpc::Result<BodyChunk>> read_body() override;
  rpc::StopToken gone() override { return handling_.token(); }

  rpc::Task<void> send(Response whole) override;
  rpc::Task<bool> begin(ResponseHead head) override;
  rpc::Task<bool> write(rpc::Buffer bytes) override;
  rpc::Task<void> end(Headers trailers) override;
  void abort() override {
    keep_alive_ = false;
    aborted_ = true;
  }
  rpc::Task<WebSocket*> upgrade(std::size_t max_message_bytes) override;
  bool started() const override { return started_; }

 private:
  rpc::Task<void> answer_for_handler();
  rpc::Task<void> answer_error(int http_status, std::string_view message);
  std::optional<rpc::Result<BodyChunk>> take_piece();
  rpc::Task<rpc::Result<BodyChunk>> next_piece();
  rpc::Status over_limit() const;
  rpc::Status body_ended(Input::Event event) const;
  void expect_more();
  bool may_drop_body() const;
  rpc::Task<bool> drop_body();
  Framing frame(int http_status, Framing::Body body);
  bool is_head() const { return head_.method == "HEAD"; }

  SessionServices& services_;
  Input& input_;
  Output& output_;
  const rpc::PeerInfo& peer_;
  rpc::StopSource gone_;      // the client, or all of the session
  rpc::StopSource handling_;  // the handler's
  RequestParser parser_;
  std::optional<HttpError> head_error_;
  RequestHead head_;
  RequestContext context_;

  std::size_t body_limit_ = std::numeric_limits<std::size_t>::max();
  std::uint64_t body_received_ = 0;
  std::optional<rpc::Status> body_error_;
  bool continue_wanted_ = false;

  std::optional<StreamedBody> streamed_;
  std::optional<BeastWebSocket> web_socket_;
  bool chunked_ = false;
  bool head_read_ = false;
  bool started_ = false;
  bool ended_ = false;
  bool aborted_ = false;
  bool keep_alive_ = false;
  bool handler_failed_ = false;
};

}  // namespace sluice::gateway
