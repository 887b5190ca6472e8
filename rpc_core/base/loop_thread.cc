#include "rpc_core/base/loop_thread.h"

#include <stdexcept>
#include <string>

namespace sluice::rpc {

LoopThread::LoopThread() : thread_([this] { loop_.run(); }) {}

LoopThread::~LoopThread() {
  stop();
}

void LoopThread::refuse_own_thread(const char* what) const {
  if (!loop_.running_here()) return;
  throw std::logic_error(std::string("LoopThread::") + what +
                         " was called on the loop's own thread, which would wait for itself: co_await instead");
}

void LoopThread::wait_for(std::function<Task<void>()> start) {
  refuse_own_thread("run()");
  std::unique_lock lock(mutex_);
  if (stopping_) throw std::logic_error("LoopThread::run() was called after stop()");
  ++running_;
  bool done = false;
  loop_.run_soon([&] {
    spawn(start(), stop_.token(), [&](std::exception_ptr) {
      const std::lock_guard ended(mutex_);
      done = true;
      --running_;
      changed_.notify_all();
    });
  });
  changed_.wait(lock, [&] { return done; });
}

void LoopThread::stop() {
  refuse_own_thread("stop()");
  {
    std::unique_lock lock(mutex_);
    stopping_ = true;
    if (running_ != 0) loop_.run_soon([this] { stop_.request_stop(); });
    changed_.wait(lock, [this] { return running_ == 0; });
  }
  loop_.run_soon([this] { loop_.stop(); });
  if (thread_.joinable()) thread_.join();
}

}  // namespace sluice::rpc
