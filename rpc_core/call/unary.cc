#include "rpc_core/call/unary.h"

#include <memory>
#include <string>

namespace sluice::rpc {
namespace {

std::unexpected<Status> wrong_count(std::string_view what, std::string_view count) {
  return fail(StatusCode::Unimplemented, "expected one " + std::string(what) + " message, got " + std::string(count));
}

Task<void> collect(Call& call, ResponseMetadata& received) {
  const Metadata* headers = co_await call.headers();
  if (headers != nullptr) received.headers = *headers;
}

}  // namespace

Task<Result<Buffer>> call_unary(Caller& caller, std::string_view path, Result<Buffer> request, CallOptions options,
                                ResponseMetadata* received) {
  if (!request) co_return fail(std::move(request.error()));
  const std::unique_ptr<Call> call = caller.start(path, options);
  co_await call->write(std::move(*request), {.last = true});
  if (received != nullptr) co_await collect(*call, *received);
  Result<Buffer> response = co_await single_response(*call);
  if (received != nullptr) received->trailers = call->trailers();
  co_return response;
}

Task<Result<Buffer>> single_response(Call& call) {
  std::optional<Buffer> response = co_await call.read();
  if (response) {
    const std::optional<Buffer> second = co_await call.read();
    if (second) co_return wrong_count("response", "more");
  }
  Status status = co_await call.finish();
  if (!status.ok()) co_return fail(std::move(status));
  if (!response) co_return wrong_count("response", "none");
  co_return std::move(*response);
}

Task<Result<Buffer>> single_request(ServerCall& call) {
  std::optional<Buffer> request = co_await call.read();
  if (request) {
    const std::optional<Buffer> second = co_await call.read();
    if (second) co_return wrong_count("request", "more");
  }
  Status status = call.receive_status();
  if (!status.ok()) co_return fail(std::move(status));
  if (!request) co_return wrong_count("request", "none");
  co_return std::move(*request);
}

}  // namespace sluice::rpc
