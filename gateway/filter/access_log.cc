// The responder that listens in, and the record.
#include "gateway/filter/access_log.h"

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

  int status = 0;
  std::size_t bytes = 0;
};

}  // namespace

rpc::Task<void> AccessLog::handle(Request& request, Responder& responder) {
  Recorder recorder(responder);
  try {
    co_await next_.handle(request, recorder);
  } catch (...) {
    report(request, recorder.status, recorder.bytes);
    throw;
  }
  report(request, recorder.status, recorder.bytes);
}

void AccessLog::report(Request& request, int status, std::size_t bytes) {
  AccessRecord record;
  record.method = request.method();
  record.target = request.target();
  record.route = request.context().route_template;
  record.peer = request.peer().endpoint.to_string();
  record.status = status;
  record.response_bytes = request.method() == "HEAD" ? 0 : bytes;
  record.duration = request.loop().now() - request.context().received;
  sink_(record);
}

}  // namespace sluice::gateway
