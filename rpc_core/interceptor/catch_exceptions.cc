// Catching, and ending a call that the handler has not ended.
#include "rpc_core/interceptor/catch_exceptions.h"

#include "rpc_core/interceptor/call_filter.h"

namespace sluice::rpc {
namespace {

// Remembers whether the call was ended: finish() comes once.
class FinishSeen final : public ServerCallFilter {
 public:
  using ServerCallFilter::ServerCallFilter;

  Task<void> finish(Status status, const Metadata& trailers) override {
    finished = true;
    return ServerCallFilter::finish(std::move(status), trailers);
  }

  bool finished = false;
};

}  // namespace

Task<void> CatchExceptions::handle(ServerCall& call, CallHandler& next) {
  FinishSeen seen(call);
  std::exception_ptr thrown;
  try {
    co_await next.handle(seen);
  } catch (...) {
    thrown = std::current_exception();
  }
  if (!thrown) co_return;
  if (sink_) sink_(call.info().path, thrown);
  if (seen.finished) co_return;
  Status failed(StatusCode::Internal, "the handler failed");
  co_await call.finish(std::move(failed));
}

}  // namespace sluice::rpc
