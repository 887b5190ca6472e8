// CancellableCall: a Call that can be cancelled at any time, also while its operations are pending.
#pragma once

#include <memory>
#include <optional>

#include "rpc_core/base/pool.h"
#include "rpc_core/call/call.h"

namespace sluice::rpc {

// What typed streams stand on. The rules of Call hold for it as well.
class CancellableCall final : public Call, public Pooled {
 public:
  explicit CancellableCall(std::unique_ptr<Call> call) : call_(std::move(call)) {}
  // A call that failed before it could start.
  explicit CancellableCall(Status failure) : failure_(std::move(failure)) {}

  // Ends the call, and with it what is pending, unless finish() has already given its status: from now on that is
  // `why`. What headers() gave is gone.
  void cancel(Status why);

  using Call::write;
  Task<bool> write(Buffer message, WriteOptions options) override;
  Task<void> finish_writing() override;
  Task<const Metadata*> headers() override;
  Task<std::optional<Buffer>> read() override;
  bool last_message_compressed() const override { return call_ && call_->last_message_compressed(); }
  Task<Status> finish() override;
  const Metadata& trailers() const override;

 private:
  class Operation;

  std::unique_ptr<Call> call_;
  std::optional<Status> failure_;
  bool finished_ = false;
  int pending_ = 0;
  StopSource stop_;
};

}  // namespace sluice::rpc
