#include "rpc_core/call/server_context.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "rpc_core/base/loop.h"

namespace sluice::rpc {
namespace {

// https://www.w3.org/TR/trace-context/
constexpr std::array<std::string_view, 3> kInheritedKeys = {"x-request-id", "traceparent", "tracestate"};

}  // namespace

std::optional<Duration> ServerContext::remaining() const {
  if (!deadline()) return std::nullopt;
  return std::max(Duration::zero(), *deadline() - call_.loop().now());
}

CallOptions ServerContext::child_options() {
  inherited_.clear();
  for (const std::string_view key : kInheritedKeys) {
    for (const std::string_view value : metadata().get_all(key)) inherited_.add(key, value);
  }
  return {.deadline = deadline(), .metadata = &inherited_};
}

Task<bool> ServerContext::send_headers() {
  if (headers_sent_) co_return true;
  headers_sent_ = true;
  const bool sent = co_await call_.send_headers(initial_metadata_);
  co_return sent;
}

Task<bool> ServerContext::write(Result<Buffer> message, WriteOptions options) {
  if (!message) {
    fail(std::move(message.error()));
    return refused();
  }
  if (headers_sent_ || initial_metadata_.empty()) {
    headers_sent_ = true;
    return call_.write(std::move(*message), options);
  }
  return write_with_headers(std::move(*message), options);
}

Task<bool> ServerContext::write_with_headers(Buffer message, WriteOptions options) {
  const bool sent = co_await send_headers();
  if (!sent) co_return false;
  co_return co_await call_.write(std::move(message), options);
}

Task<bool> ServerContext::refused() { co_return false; }

void ServerContext::fail(Status status) {
  if (failure_.ok()) failure_ = std::move(status);
}

Task<void> ServerContext::finish(Status status) {
  if (status.ok()) status = std::move(failure_);
  if (!headers_sent_ && !initial_metadata_.empty()) co_await send_headers();
  co_await call_.finish(std::move(status), trailers_);
}

Task<void> ServerContext::finish(Result<Buffer> message) {
  if (!message) {
    Status status = std::move(message.error());
    if (status.ok()) status = Status(StatusCode::Internal, "expected a response or an error, got OK without one");
    co_await finish(std::move(status));
    co_return;
  }
  if (!headers_sent_ && !initial_metadata_.empty()) co_await send_headers();
  co_await call_.write(std::move(*message), WriteOptions());
  co_await call_.finish(std::move(failure_), trailers_);
}

}  // namespace sluice::rpc
