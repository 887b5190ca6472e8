#include "rpc_core/base/task_group.h"

namespace sluice::rpc {

void TaskGroup::spawn(Task<void> task) {
  ++size_;
  sluice::rpc::spawn(std::move(task), stop_.token(), [this](std::exception_ptr failure) {
    if (failure) fail(failure);
    if (--size_ == 0) changed_.notify();
  });
}

void TaskGroup::fail(std::exception_ptr failure) {
  if (!failure_) failure_ = failure;
  stop_.request_stop();
}

Task<void> TaskGroup::join() {
  const StopToken token = co_await current_stop();
  {
    const StopCallback on_stop(token, [this] { stop_.request_stop(); });
    while (size_ != 0) co_await changed_.wait_through_stop();
  }
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

}  // namespace sluice::rpc
