// Http2ServerCall: the server's side of one RPC over an HTTP/2 stream.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "rpc_core/base/stop.h"
#include "rpc_core/call/call.h"
#include "rpc_core/http2/stream.h"
#include "rpc_core/server/call_head.h"
#include "rpc_core/wire/message_receiver.h"

namespace sluice::rpc {

struct ServerOptions;

class Http2ServerCall final : public ServerCall {
 public:
  Http2ServerCall(Loop& loop, http2::StreamPtr stream, const CallHead& head, const ServerOptions& options,
                  StopToken parent);
  ~Http2ServerCall() override;

  // Both outlive the call.
  void set_peer(std::string_view address, const PeerIdentity* identity);

  const CallInfo& info() const override { return info_; }
  Loop& loop() override { return loop_; }
  Task<std::optional<Buffer>> read() override;
  bool last_message_compressed() const override { return receiver_.last_compressed(); }
  Task<bool> send_headers(const Metadata& metadata) override;
  bool set_compression(std::string_view name) override;
  using ServerCall::write;
  Task<bool> write(Buffer message, WriteOptions options) override;
  using ServerCall::finish;
  Task<void> finish(Status status, const Metadata& trailers) override;
  StopToken cancelled() override { return stop_.token(); }
  Status receive_status() const override { return receive_status_; }

  // Sends a status if the handler has not; `thrown` says what it threw, if it did.
  void handler_ended(std::string thrown);

 private:
  class Deadline final : public Timer {
   public:
    explicit Deadline(Http2ServerCall& call) : call_(call) {}

   private:
    void on_timer() override { call_.deadline_passed(); }
    Http2ServerCall& call_;
  };

  class ResetNotice final : public StopListener {
   public:
    explicit ResetNotice(Http2ServerCall& call) : call_(call) {}

   private:
    void on_stop() override { call_.stop_.request_stop(); }
    Http2ServerCall& call_;
  };

  bool over() const { return finished_ || stream_->closed(); }
  void send_response_headers(const Metadata& metadata);
  void send_status(const Status& status, const Metadata& trailers);
  // The client sent what is no gRPC message, or too large a one: that becomes the call's status.
  void receive_failed(Status status);
  void deadline_passed();

  Loop& loop_;
  http2::StreamPtr stream_;
  const ServerOptions& options_;
  CallInfo info_;
  const std::string_view accepted_encodings_;
  Compression compression_ = Compression::Identity;
  MessageReceiver receiver_;
  Status receive_status_;
  bool headers_sent_ = false;
  bool finished_ = false;
  StopSource stop_;
  ResetNotice reset_notice_;
  Deadline deadline_timer_{*this};
};

}  // namespace sluice::rpc
