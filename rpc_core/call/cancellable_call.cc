#include "rpc_core/call/cancellable_call.h"

namespace sluice::rpc {
namespace {

const Metadata kNoMetadata;

}  // namespace

// One pending operation: it ends by its own caller's stop or by cancel(), whose last one releases the call.
class CancellableCall::Operation {
 public:
  Operation(CancellableCall& owner, StopToken caller) : owner_(owner), on_stop_(caller, Stop{owner}) {
    ++owner_.pending_;
  }
  Operation(const Operation&) = delete;
  Operation& operator=(const Operation&) = delete;
  ~Operation() {
    if (--owner_.pending_ == 0 && owner_.failure_) owner_.call_.reset();
  }

 private:
  struct Stop {
    CancellableCall& owner;
    void operator()() const { owner.stop_.request_stop(); }
  };

  CancellableCall& owner_;
  StopCallback<Stop> on_stop_;
};

void CancellableCall::cancel(Status why) {
  if (finished_ || failure_) return;
  failure_ = std::move(why);
  stop_.request_stop();
  if (pending_ == 0) call_.reset();
}

Task<bool> CancellableCall::write(Buffer message, WriteOptions options) {
  const StopToken caller = co_await current_stop();
  if (failure_) co_return false;
  const Operation operation(*this, caller);
  const bool room = co_await call_->write(std::move(message), options).with_stop(stop_.token());
  co_return room && !failure_;
}

Task<void> CancellableCall::finish_writing() {
  const StopToken caller = co_await current_stop();
  if (failure_) co_return;
  const Operation operation(*this, caller);
  co_await call_->finish_writing().with_stop(stop_.token());
}

Task<const Metadata*> CancellableCall::headers() {
  const StopToken caller = co_await current_stop();
  if (failure_) co_return nullptr;
  const Operation operation(*this, caller);
  const Metadata* headers = co_await call_->headers().with_stop(stop_.token());
  if (failure_) headers = nullptr;
  co_return headers;
}

Task<std::optional<Buffer>> CancellableCall::read() {
  const StopToken caller = co_await current_stop();
  if (failure_) co_return std::nullopt;
  const Operation operation(*this, caller);
  std::optional<Buffer> message = co_await call_->read().with_stop(stop_.token());
  if (failure_) message.reset();
  co_return message;
}

Task<Status> CancellableCall::finish() {
  const StopToken caller = co_await current_stop();
  if (failure_) co_return *failure_;
  const Operation operation(*this, caller);
  Status status = co_await call_->finish().with_stop(stop_.token());
  if (failure_) co_return *failure_;
  finished_ = true;
  co_return status;
}

const Metadata& CancellableCall::trailers() const { return call_ ? call_->trailers() : kNoMetadata; }

}  // namespace sluice::rpc
