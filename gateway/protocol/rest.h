// RestExchange: a REST request and its JSON answer as a stream of encoded messages.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "gateway/http/error_writer.h"
#include "gateway/http/handler.h"
#include "gateway/protocol/answer_framing.h"
#include "gateway/protocol/answer_wishes.h"
#include "gateway/protocol/exchange.h"
#include "gateway/protocol/request_binding.h"
#include "gateway/protocol/request_reader.h"
#include "gateway/protocol/rest_route.h"
#include "gateway/protocol/rest_settings.h"
#include "rpc_core/base/waiter.h"

namespace sluice::gateway {

// Messages in as RequestReader finds them; out one message, or a stream of them in the framing that Accept asks for; a
// stream of google.api.HttpBody as its raw bytes. A client that sent "TE: trailers" gets the call's trailing metadata
// as trailers, and a stream that failed ends with grpc-status and grpc-message there.
//
// The head of a stream waits for the first message, the end, or the flush timeout. While the client still sends its
// part, answers wait as well, up to a bound: HTTP/1.1 clients, as a rule, read when they have written.
class RestExchange final : public Exchange {
 public:
  RestExchange(Request& request, Responder& responder, const RestRoute& route, const RestSettings& settings);

  // Decodes what the path captured and reads the head. The exchange can be read only when this went well.
  rpc::Result<void> bind(std::span<const std::string_view> captures, std::string_view query);
  // Once it is bound: why the answer would be of no use to the client, where that is an error; nothing: it may go on.
  std::optional<HttpError> refusal() const;
  // An event stream that the client has read to its end already (Last-Event-ID: end): it is answered 204.
  bool was_read_before() const;

  const CallPlan& plan() const override { return plan_; }
  rpc::Task<rpc::Result<std::optional<rpc::Buffer>>> read() override;
  rpc::Task<void> attend() override;
  rpc::Task<bool> begin(const rpc::Metadata& metadata) override;
  rpc::Task<bool> write(rpc::Buffer message) override;
  rpc::Task<void> end(const rpc::Status& status, const rpc::Metadata& trailers) override;

 private:
  // Only one of the coroutines that overlap uses the responder at a time. False: a stop was requested.
  rpc::Task<bool> take_turn();
  void give_turn();

  rpc::Result<void> print(std::string_view message, rpc::Buffer& item);
  rpc::Result<void> copy_raw(std::string_view message, rpc::Buffer& item);
  // Only while messages stream.
  bool attends() const { return route_.client_streams || route_.server_streams; }
  rpc::Task<rpc::Result<std::optional<rpc::Buffer>>> read_attended();
  rpc::Task<bool> send_item(rpc::Buffer item);
  rpc::Task<bool> send_held();
  rpc::Task<bool> begin_stream();
  rpc::Task<bool> open_early();
  rpc::Task<bool> beat();
  rpc::Task<void> request_read();
  rpc::Task<void> send_one(const rpc::Metadata& trailers);
  rpc::Task<void> send_error(const rpc::Status& status, const rpc::Metadata& trailers);
  rpc::Task<void> send_whole(Response whole, const rpc::Metadata& trailers);
  rpc::Task<void> send_with_trailers(Response whole, Headers fields);
  rpc::Task<void> end_stream(const rpc::Status& status, const rpc::Metadata& trailers);
  Headers trailing_fields(const rpc::Status& status, const rpc::Metadata& trailers) const;

  Request& request_;
  Responder& responder_;
  const RestRoute& route_;
  const RestSettings settings_;
  AnswerWishes wishes_;
  AnswerFraming framing_;
  const bool takes_trailers_;
  CallPlan plan_;
  RequestBinding binding_;
  RequestReader reader_;
  ResponseHead head_;
  rpc::Buffer body_;                    // the one message, or what is held back of a stream
  std::optional<rpc::Status> failure_;  // of the answer's transcoding
  std::optional<int> refused_with_;     // the HTTP status of a request whose body is at fault
  bool holding_ = false;                // the client still sends, and answers wait
  bool streaming_ = false;              // the head of a stream has gone
  rpc::TimePoint last_write_;
  rpc::WaitQueue turns_;
  bool busy_ = false;
  rpc::Waiter asked_;  // the first message of the request
  bool was_asked_ = false;
};

}  // namespace sluice::gateway
