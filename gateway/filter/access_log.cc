// The responder that listens in, and the record.
#include "gateway/filter/access_log.h"

#include <utility>

namespace sluice::gateway {
namespace {

// Passes everything on and remembers the status and the size.
class Recorder final : public Responder {
 public:
  explicit Recorder(Responder& next) : next_(next) {}

  rpc::Task<void> send(Response whole) override {
    status = whole.head.status;
    bytes = whole.body.size();
    return next_.send(std::move(whole));
  }
  rpc::Task<bool> begin(ResponseHead head) override {
    status = head.status;
    return next_.begin(std::move(head));
  }
  rpc::Task<bool> write(rpc::Buffer piece) override {
    bytes += piece.size();
    return next_.write(std::move(piece));
  }
  using Responder::end;
  rpc::Task<void> end(Headers trailers) override { return next_.end(std::move(trailers)); }
  void abort() override { next_.abort(); }
  bool started() const override { return next_.started(); }

  int status = 0;
  std::size_t bytes = 0;

 private:
  Responder& next_;
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
