// Finding the token.
#include "rpc_core/interceptor/token_check.h"

#include <optional>
#include <string>

namespace sluice::rpc {
namespace {

// The scheme compares without case (RFC 9110 section 11.1).
std::optional<std::string_view> bearer_token(const Metadata& metadata) {
  constexpr std::string_view kScheme = "bearer ";
  const auto field = metadata.get("authorization");
  if (!field || field->size() <= kScheme.size()) return std::nullopt;
  for (std::size_t i = 0; i < kScheme.size(); ++i) {
    if (((*field)[i] | 0x20) != kScheme[i]) return std::nullopt;
  }
  return field->substr(kScheme.size());
}

}  // namespace

Task<void> TokenCheck::handle(ServerCall& call, CallHandler& next) {
  const auto token = bearer_token(call.info().metadata);
  if (!token) {
    Status missing(StatusCode::Unauthenticated, "expected metadata \"authorization: Bearer TOKEN\"");
    co_await call.finish(std::move(missing));
    co_return;
  }
  Status status = co_await check_(*token, call.info());
  if (!status.ok()) {
    co_await call.finish(std::move(status));
    co_return;
  }
  co_await next.handle(call);
}

}  // namespace sluice::rpc
