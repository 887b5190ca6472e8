// RestExchange: a REST request and its JSON answer as a stream of encoded messages.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "gateway/http/handler.h"
#include "gateway/protocol/error_answer.h"
#include "gateway/protocol/exchange.h"
#include "gateway/protocol/rest_route.h"

namespace sluice::gateway {

// One message in; out one message, or a stream of them as a JSON array, or a line each for a client that accepts
// application/x-ndjson.
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
  enum class Framing : std::uint8_t { One, Array, Lines };

  rpc::Result<void> check_content_type() const;
  rpc::Result<rpc::Buffer> encode(std::string_view body) const;
  rpc::Task<void> send_error(const rpc::Status& status, const rpc::Metadata& trailers);
  rpc::Task<void> send_one(const rpc::Metadata& trailers);
  rpc::Task<bool> write_item(std::string_view message);
  rpc::Task<void> end_stream(const rpc::Status& status);

  Request& request_;
  Responder& responder_;
  const RestRoute& route_;
  const ErrorAnswers& errors_;
  const PrintOptions& print_;
  const Framing framing_;
  CallPlan plan_;
  std::vector<PoolString, rpc::PoolAllocator<PoolString>> captures_;
  std::string_view query_;
  std::optional<int> http_status_;  // of an error that the gateway found in the request
  ResponseHead head_;
  rpc::Buffer body_;
  std::optional<rpc::Status> failure_;  // of the answer's transcoding
  bool streaming_ = false;              // the head of a stream has gone
};

}  // namespace sluice::gateway
