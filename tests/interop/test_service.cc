#include "tests/interop/test_service.h"

#include <chrono>
#include <vector>

#include "rpc_core/base/loop.h"

namespace sluice::rpc::interop {
namespace {

constexpr std::string_view kEchoInitial = "x-grpc-test-echo-initial";
constexpr std::string_view kEchoTrailing = "x-grpc-test-echo-trailing-bin";

void echo_metadata(ServerContext& context) {
  if (const auto value = context.metadata().get(kEchoInitial)) context.initial_metadata().add(kEchoInitial, *value);
  if (const auto value = context.metadata().get(kEchoTrailing)) context.trailers().add(kEchoTrailing, *value);
}

// Requests and parameters that say nothing of compression leave it as it is.
template <class Request>
Status check_compression(ServerContext& context, const Request& request) {
  if (!request.has_expect_compressed()) return Status();
  if (request.expect_compressed().value() == context.call().last_message_compressed()) return Status();
  return Status(StatusCode::InvalidArgument, request.expect_compressed().value()
                                                 ? "expected a compressed request, got an uncompressed one"
                                                 : "expected an uncompressed request, got a compressed one");
}

Status asked_for(const testing::EchoStatus& status) {
  return Status(static_cast<StatusCode>(status.code()), status.message());
}

template <class Response>
Status fill_payload(int size, Response& response) {
  if (size < 0) return Status(StatusCode::InvalidArgument, "expected a size of 0 or more");
  response.mutable_payload()->set_body(std::string(static_cast<std::size_t>(size), '\0'));
  return Status();
}

// The responses that one request of a streaming call asks for.
Task<Status> answer(ServerContext& context, testing::StreamingOutputCallRequest request,
                    Writer<testing::StreamingOutputCallResponse>& writer) {
  if (request.response_status().code() != 0) co_return asked_for(request.response_status());
  for (const testing::ResponseParameters& parameters : request.response_parameters()) {
    if (parameters.interval_us() > 0) {
      co_await sleep_for(context.loop(), std::chrono::microseconds(parameters.interval_us()));
    }
    testing::StreamingOutputCallResponse response;
    Status filled = fill_payload(parameters.size(), response);
    if (!filled.ok()) co_return filled;
    const WriteOptions options{.compress = parameters.compressed().value()};
    if (bool sent = co_await writer.write(response, options); !sent) co_return Status();
  }
  co_return Status();
}

}  // namespace

Task<Result<testing::Empty>> TestService::empty_call(ServerContext&, const testing::Empty&) {
  co_return testing::Empty();
}

Task<Result<testing::SimpleResponse>> TestService::unary_call(ServerContext& context,
                                                              const testing::SimpleRequest& request) {
  echo_metadata(context);
  Status status = check_compression(context, request);
  if (!status.ok()) co_return fail(std::move(status));
  if (request.response_status().code() != 0) co_return fail(asked_for(request.response_status()));
  if (request.response_compressed().value()) context.set_compression("gzip");
  testing::SimpleResponse response;
  status = fill_payload(request.response_size(), response);
  if (!status.ok()) co_return fail(std::move(status));
  if (request.fill_server_id()) response.set_server_id(server_id_);
  co_return response;
}

Task<Result<testing::SimpleResponse>> TestService::cacheable_unary_call(ServerContext& context,
                                                                        const testing::SimpleRequest& request) {
  return unary_call(context, request);
}

Task<Status> TestService::streaming_output_call(ServerContext& context,
                                                const testing::StreamingOutputCallRequest& request,
                                                Writer<testing::StreamingOutputCallResponse>& writer) {
  echo_metadata(context);
  context.set_compression("gzip");
  co_return co_await answer(context, request, writer);
}

Task<Result<testing::StreamingInputCallResponse>> TestService::streaming_input_call(
    ServerContext& context, Reader<testing::StreamingInputCallRequest>& reader) {
  testing::StreamingInputCallResponse response;
  testing::StreamingInputCallRequest request;
  for (bool more = co_await reader.read(request); more; more = co_await reader.read(request)) {
    Status status = check_compression(context, request);
    if (!status.ok()) co_return fail(std::move(status));
    const auto size = static_cast<int>(request.payload().body().size());
    response.set_aggregated_payload_size(response.aggregated_payload_size() + size);
  }
  co_return response;
}

Task<Status> TestService::full_duplex_call(ServerContext& context, Reader<testing::StreamingOutputCallRequest>& reader,
                                           Writer<testing::StreamingOutputCallResponse>& writer) {
  echo_metadata(context);
  context.set_compression("gzip");
  testing::StreamingOutputCallRequest request;
  for (bool more = co_await reader.read(request); more; more = co_await reader.read(request)) {
    Status status = co_await answer(context, request, writer);
    if (!status.ok()) co_return status;
  }
  co_return Status();
}

Task<Status> TestService::half_duplex_call(ServerContext& context, Reader<testing::StreamingOutputCallRequest>& reader,
                                           Writer<testing::StreamingOutputCallResponse>& writer) {
  std::vector<testing::StreamingOutputCallRequest> requests;
  testing::StreamingOutputCallRequest request;
  for (bool more = co_await reader.read(request); more; more = co_await reader.read(request)) {
    requests.push_back(request);
  }
  context.set_compression("gzip");
  for (const auto& each : requests) {
    Status status = co_await answer(context, each, writer);
    if (!status.ok()) co_return status;
  }
  co_return Status();
}

}  // namespace sluice::rpc::interop
