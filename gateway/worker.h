// Worker: one thread with its own event loop; a request lives and dies on one worker.
#pragma once

#include <atomic>
#include <cstddef>
#include <thread>

#include "rpc_core/base/loop.h"

namespace sluice::gateway {

// What belongs to one thread (channels to backends, shards of metrics) is made for a worker, by reference to it, and is
// touched on its thread only: from elsewhere through loop().run_soon().
class Worker {
 public:
  explicit Worker(unsigned id) : id_(id) {}
  // Stopped and joined before.
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // Counts from 0.
  unsigned id() const { return id_; }
  rpc::Loop& loop() { return loop_; }

  void start();
  // Ends the loop, also one that is only about to start; every task on it has ended by then. From any thread.
  void stop();
  void join();

  // How many client connections it has, refused ones included: what the listener balances by. From any thread.
  std::size_t connections() const { return connections_.load(std::memory_order_relaxed); }
  void count_connection() { connections_.fetch_add(1, std::memory_order_relaxed); }
  void discount_connection() { connections_.fetch_sub(1, std::memory_order_relaxed); }

 private:
  void run();

  const unsigned id_;
  rpc::Loop loop_;
  std::thread thread_;
  alignas(64) std::atomic<std::size_t> connections_ = 0;
};

}  // namespace sluice::gateway
