// The thread of a worker.
#include "gateway/worker.h"

#include <cassert>

#include "rpc_core/base/task.h"

namespace sluice::gateway {

Worker::~Worker() { assert(!thread_.joinable() && "a worker is stopped and joined before it goes away"); }

void Worker::start() {
  thread_ = std::thread([this] { run(); });
}

void Worker::stop() {
  loop_.run_soon([this] { loop_.stop(); });
}

void Worker::join() {
  if (thread_.joinable()) thread_.join();
}

void Worker::run() {
  loop_.run();
  assert(rpc::live_task_frames == 0 && "every task has ended before its loop stops");
}

}  // namespace sluice::gateway
