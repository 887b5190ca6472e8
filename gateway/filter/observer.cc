// The responder that listens in, and the record.
#include "gateway/filter/observer.h"

#include <utility>

#include "gateway/filter/responder_filter.h"

namespace sluice::gateway {
namespace {

// Remembers the status and the size.
class Recorder final : public ResponderFilter {
 public:
  using ResponderFilter::ResponderFilter;

  rpc::Task<void> send(Response whole) override {
    status = whole.head.status;
    bytes = whole.body.size();
    return ResponderFilter::send(std::move(whole));
  }
  rpc::Task<bool> begin(ResponseHead head) override {
    status = head.status;
    return ResponderFilter::begin(std::move(head));
  }
  rpc::Task<bool> write(rpc::Buffer piece) override {
    bytes += piece.size();
    return ResponderFilter::write(std::move(piece));
  }
  rpc::Task<WebSocket*> upgrade(std::size_t max_message_bytes) override {
    status = 101;
    return ResponderFilter::upgrade(max_message_bytes);
  }

  int status = 0;
  std::size_t bytes = 0;
};

AccessRecord record_of(Request& request, const Recorder& recorder) {
  const RequestContext& context = request.context();
  AccessRecord record;
  record.method = request.method();
  record.target = request.target();
  record.route = context.route_template;
  record.rpc = context.rpc;
  record.request_id = context.request_id;
  record.client = context.client;
  record.peer = &request.peer().endpoint;
  record.status = recorder.status;
  record.grpc_status = context.call.grpc_status;
  record.request_bytes = context.request_bytes;
  record.response_bytes = request.method() == "HEAD" ? 0 : recorder.bytes;
  record.messages_sent = context.call.messages_sent;
  record.messages_received = context.call.messages_received;
  record.duration = request.loop().now() - context.received;
  return record;
}

}  // namespace

rpc::Task<void> Observer::handle(Request& request, Responder& responder) {
  Recorder recorder(responder);
  if (events_.started) events_.started();
  const Place place = find_place(request);
  const auto report = [&] {
    AccessRecord record = record_of(request, recorder);
    record.trace = place.own;
    if (place.parent) record.parent_span = place.parent->span;
    record.trace_state = request.headers().get("tracestate").value_or("");
    events_.ended(record);
  };
  try {
    co_await next_.handle(request, recorder);
  } catch (...) {
    report();
    throw;
  }
  report();
}

Observer::Place Observer::find_place(Request& request) {
  Place place;
  if (!traces_) return place;
  place.parent = parse_traceparent(request.headers().get("traceparent").value_or(""));
  place.own = traces_->next(place.parent);
  request.context().traceparent = to_traceparent(*place.own);
  return place;
}

}  // namespace sluice::gateway
