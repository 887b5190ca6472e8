// RequestId: every request has an identifier, which goes to the backend, into the log and back to the client.
#pragma once

#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <string_view>

#include "gateway/http/handler.h"

namespace sluice::gateway {

// UUIDs of version 7 (RFC 9562 section 5.7): they sort by the millisecond in which they were made.
class UuidSource {
 public:
  // The clock counts milliseconds since the Unix epoch.
  UuidSource(std::function<std::uint64_t()> clock, std::uint64_t seed) : clock_(std::move(clock)), random_(seed) {}

  // "01890a5d-ac96-774b-bcce-b302099a8057".
  PoolString next();

 private:
  const std::function<std::uint64_t()> clock_;
  std::mt19937_64 random_;
};

// A filter around the next handler, which outlives it. Takes what the client calls X-Request-Id where that is 1 to 128
// visible ASCII characters, else makes one; sets it in the context and on the answer.
class RequestId final : public Handler {
 public:
  RequestId(Handler& next, UuidSource source) : next_(next), source_(std::move(source)) {}
  rpc::Task<void> handle(Request& request, Responder& responder) override;

 private:
  Handler& next_;
  UuidSource source_;
};

// Whether an identifier that a client sent is taken over.
bool acceptable_request_id(std::string_view id);

}  // namespace sluice::gateway
