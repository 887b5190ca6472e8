// RestExchange: a REST request and its JSON answer as a stream of encoded messages.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "gateway/http/handler.h"
#include "gateway/protocol/error_answer.h"
#include "gateway/protocol/exchange.h"
#include "gateway/protocol/rest_route.h"

namespace sluice::gateway {

// One message in; out one message, or a stream of them as a JSON array, or a line each for a client that prefers
// application/x-ndjson; a stream of google.api.HttpBody as its raw bytes. A client that sent "TE: trailers" gets the
// call's trailing metadata as trailers, and a stream that failed ends with grpc-status and grpc-message there.
class RestExchange final : public Exchange {
 public:
  RestExchange(Request& request, Responder& responder, const RestRoute& route, const ErrorAnswers& errors,
               const PrintOptions& print);

  // Decodes what the path captured and reads the head. The exchange can be read only when this went well.
  rpc::Result<void> bind(std::span<const std::string_view> captures, std::string_view query);

  const CallPlan& plan() const override { return plan_; }
  rpc::Task<rpc::Result<std::optional<rpc::Buffer>>> read() override;
  rpc::Task<bool> begin(const rpc::Metadata& metadata) override;
  rpc::Task<bool> write(rpc::Buffer message) override;
  rpc::Task<void> end(const rpc::Status& status, const rpc::Metadata& trailers) override;

 private:
  enum class Framing : std::uint8_t { One, Array, Lines, Raw };

  static Framing framing_of(const Request& request, const RestRoute& route);
  rpc::Result<void> check_content_type() const;
  std::unexpected<rpc::Status> unsupported(const rpc::Status& error);
  rpc::Result<rpc::Buffer> encode(std::string_view body) const;

  rpc::Result<void> print(std::string_view message, rpc::Buffer& item);
  rpc::Result<void> copy_raw(std::string_view message, rpc::Buffer& item);
  void add_content_type();
  rpc::Task<void> send_one(const rpc::Metadata& trailers);
  rpc::Task<void> send_error(const rpc::Status& status, const rpc::Metadata& trailers);
  rpc::Task<void> send_whole(Response whole, const rpc::Metadata& trailers);
  rpc::Task<void> end_stream(const rpc::Status& status, const rpc::Metadata& trailers);
  rpc::Buffer tail_of_stream(const rpc::Status& status) const;
  Headers trailing_fields(const rpc::Status& status, const rpc::Metadata& trailers) const;

  Request& request_;
  Responder& responder_;
  const RestRoute& route_;
  const ErrorAnswers& errors_;
  const PrintOptions& print_;
  const Framing framing_;
  const bool takes_trailers_;
  CallPlan plan_;
  std::vector<PoolString, rpc::PoolAllocator<PoolString>> captures_;
  std::string_view query_;
  bool read_ = false;
  std::optional<int> http_status_;  // of an error that the gateway found in the request
  ResponseHead head_;
  rpc::Buffer body_;
  std::optional<rpc::Status> failure_;  // of the answer's transcoding
  bool streaming_ = false;              // the head of a stream has gone
};

}  // namespace sluice::gateway
