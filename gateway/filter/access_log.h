// AccessLog: a line for each request: what was asked, which route took it, the answer's status, size and time.
#pragma once

#include <functional>

#include "gateway/http/handler.h"
#include "gateway/telemetry/access_record.h"

namespace sluice::gateway {

// A filter around the next handler, which outlives it. A handler that throws is recorded, too.
class AccessLog final : public Handler {
 public:
  using Sink = std::function<void(const AccessRecord&)>;

  AccessLog(Handler& next, Sink sink) : next_(next), sink_(std::move(sink)) {}
  rpc::Task<void> handle(Request& request, Responder& responder) override;

 private:
  void report(Request& request, int status, std::size_t bytes);

  Handler& next_;
  Sink sink_;
};

}  // namespace sluice::gateway
