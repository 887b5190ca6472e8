#include "tests/conformance/conformance_service.h"

#include <chrono>
#include <vector>

#include "rpc_core/base/loop.h"
#include "tests/conformance/convert.h"

namespace sluice::rpc::conformance {
namespace {

using google::protobuf::Any;
using RequestInfo = v1::ConformancePayload::RequestInfo;

Any packed(const google::protobuf::Message& message) {
  Any any;
  any.PackFrom(message);
  return any;
}

void add_requests(const std::vector<Any>& requests, RequestInfo& info) {
  for (const Any& request : requests) *info.add_requests() = request;
}

RequestInfo info_of(const ServerContext& context, const std::vector<Any>& requests) {
  RequestInfo info;
  add_metadata(context.metadata(), *info.mutable_request_headers());
  if (const auto remaining = context.remaining()) {
    info.set_timeout_ms(std::chrono::duration_cast<std::chrono::milliseconds>(*remaining).count());
  }
  add_requests(requests, info);
  return info;
}

template <class Definition>
void announce(ServerContext& context, const Definition& definition) {
  add_headers(definition.response_headers(), context.initial_metadata());
  add_headers(definition.response_trailers(), context.trailers());
  context.set_compression("gzip");
}

SleepUntil delay(ServerContext& context, std::uint32_t milliseconds) {
  return sleep_for(context.loop(), std::chrono::milliseconds(milliseconds));
}

// Nobody has seen the request's description: it goes into the error's details.
Status error_with_info(const v1::Error& error, const RequestInfo& info) {
  v1::Error told = error;
  *told.add_details() = packed(info);
  return to_status(told);
}

template <class Response>
Task<Result<Response>> respond(ServerContext& context, const v1::UnaryResponseDefinition& definition,
                               std::vector<Any> requests) {
  announce(context, definition);
  const RequestInfo info = info_of(context, requests);
  if (definition.response_delay_ms() != 0) co_await delay(context, definition.response_delay_ms());
  if (definition.has_error()) co_return fail(error_with_info(definition.error(), info));
  Response response;
  *response.mutable_payload()->mutable_request_info() = info;
  response.mutable_payload()->set_data(definition.response_data());
  co_return response;
}

// Sends the responses of a definition one by one; the first tells all of the request.
template <class Response>
class Answers {
 public:
  Answers(ServerContext& context, Writer<Response>& writer) : context_(context), writer_(writer) {}

  Task<void> begin(v1::StreamResponseDefinition definition) {
    definition_ = std::move(definition);
    announce(context_, definition_);
    co_await context_.send_headers();
  }

  bool more() const { return sent_ < definition_.response_data_size(); }

  Task<bool> send(const std::vector<Any>& requests, bool always_tell_requests) {
    Response response;
    auto& payload = *response.mutable_payload();
    payload.set_data(definition_.response_data(sent_));
    if (sent_ == 0) {
      *payload.mutable_request_info() = info_of(context_, requests);
    } else if (always_tell_requests) {
      add_requests(requests, *payload.mutable_request_info());
    }
    ++sent_;
    if (definition_.response_delay_ms() != 0) co_await delay(context_, definition_.response_delay_ms());
    co_return co_await writer_.write(response);
  }

  // The rest of them, and the status.
  Task<Status> finish(std::vector<Any> requests) {
    bool sent = true;
    while (sent && more()) sent = co_await send(requests, false);
    if (!definition_.has_error()) co_return Status();
    if (sent_ == 0) co_return error_with_info(definition_.error(), info_of(context_, requests));
    co_return to_status(definition_.error());
  }

 private:
  ServerContext& context_;
  Writer<Response>& writer_;
  v1::StreamResponseDefinition definition_;
  int sent_ = 0;
};

}  // namespace

Task<Result<v1::UnaryResponse>> ConformanceService::unary(ServerContext& context, const v1::UnaryRequest& request) {
  std::vector<Any> requests(1, packed(request));
  co_return co_await respond<v1::UnaryResponse>(context, request.response_definition(), std::move(requests));
}

Task<Result<v1::IdempotentUnaryResponse>> ConformanceService::idempotent_unary(
    ServerContext& context, const v1::IdempotentUnaryRequest& request) {
  std::vector<Any> requests(1, packed(request));
  co_return co_await respond<v1::IdempotentUnaryResponse>(context, request.response_definition(), std::move(requests));
}

Task<Result<v1::ClientStreamResponse>> ConformanceService::client_stream(ServerContext& context,
                                                                         Reader<v1::ClientStreamRequest>& reader) {
  std::vector<Any> requests;
  v1::UnaryResponseDefinition definition;
  v1::ClientStreamRequest request;
  for (bool more = co_await reader.read(request); more; more = co_await reader.read(request)) {
    if (requests.empty()) definition = request.response_definition();
    requests.push_back(packed(request));
  }
  co_return co_await respond<v1::ClientStreamResponse>(context, definition, std::move(requests));
}

Task<Status> ConformanceService::server_stream(ServerContext& context, const v1::ServerStreamRequest& request,
                                               Writer<v1::ServerStreamResponse>& writer) {
  Answers<v1::ServerStreamResponse> answers(context, writer);
  if (request.has_response_definition()) co_await answers.begin(request.response_definition());
  std::vector<Any> requests(1, packed(request));
  co_return co_await answers.finish(std::move(requests));
}

Task<Status> ConformanceService::bidi_stream(ServerContext& context, Reader<v1::BidiStreamRequest>& reader,
                                             Writer<v1::BidiStreamResponse>& writer) {
  Answers<v1::BidiStreamResponse> answers(context, writer);
  std::vector<Any> requests;
  bool first = true;
  bool full_duplex = false;
  v1::BidiStreamRequest request;
  for (bool more = co_await reader.read(request); more; more = co_await reader.read(request)) {
    requests.push_back(packed(request));
    if (std::exchange(first, false)) {
      full_duplex = request.full_duplex();
      if (request.has_response_definition()) co_await answers.begin(request.response_definition());
    }
    if (!full_duplex) continue;
    if (!answers.more()) break;
    if (bool sent = co_await answers.send(requests, true); !sent) break;
    requests.clear();
  }
  co_return co_await answers.finish(std::move(requests));
}

}  // namespace sluice::rpc::conformance
