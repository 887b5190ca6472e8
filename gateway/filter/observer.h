// Observer: sees each request begin and end, gives it its place in a trace, and reports what became of it.
#pragma once

#include <functional>
#include <optional>
#include <utility>

#include "gateway/http/handler.h"
#include "gateway/telemetry/access_record.h"
#include "gateway/telemetry/trace_context.h"

namespace sluice::gateway {

// A filter around the next handler, which outlives it. A handler that throws is reported, too.
class Observer final : public Handler {
 public:
  struct Events {
    std::function<void()> started;                   // may be empty
    std::function<void(const AccessRecord&)> ended;  // the log, the counters, the exporter of spans
  };
  // Without a source the traceparent that came goes on unchanged.
  Observer(Handler& next, Events events, std::optional<TraceSource> traces = std::nullopt)
      : next_(next), events_(std::move(events)), traces_(std::move(traces)) {}
  rpc::Task<void> handle(Request& request, Responder& responder) override;

 private:
  struct Place {
    std::optional<TraceContext> own;
    std::optional<TraceContext> parent;
  };
  // In its trace; the request goes on with its own.
  Place find_place(Request& request);

  Handler& next_;
  const Events events_;
  std::optional<TraceSource> traces_;
};

}  // namespace sluice::gateway
