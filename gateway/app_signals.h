// Signals: SIGTERM and SIGINT as a stop of what the gateway does, SIGHUP as a request.
#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "rpc_core/base/stop.h"
#include "rpc_core/base/waiter.h"

namespace sluice::gateway {

// The first signal requests the stop; the second ends the process at once, with exit code 1, whatever runs. One of
// these a process, made before any other thread.
class Signals {
 public:
  explicit Signals(rpc::Loop& loop);
  ~Signals();

  rpc::StopToken stop_token() { return stop_.token(); }
  // Until the first signal: its number.
  rpc::Task<int> first();
  // Called on the loop for each SIGHUP from now on; one that came before does nothing.
  void on_hangup(std::function<void()> hangup) { hangup_ = std::move(hangup); }

 private:
  struct Impl;

  rpc::StopSource stop_;
  rpc::Waiter changed_;
  int first_ = 0;
  std::function<void()> hangup_;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sluice::gateway
