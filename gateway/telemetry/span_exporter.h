// SpanExporter: sends spans to a collector in batches, from a thread of its own.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "gateway/telemetry/span.h"

namespace sluice::gateway {

// Memory is bounded: a span that comes while the queue is full is dropped and counted, and so is a batch that the
// collector does not take. Nobody ever waits for the collector but the exporter's own thread, and stop().
class SpanExporter {
 public:
  // Delivers one body; false: it was lost. Called on the exporter's thread; returns within seconds.
  using Send = std::function<bool(const std::string& body)>;

  struct Options {
    std::string service_name = "sluice";
    std::size_t max_queued = 8192;
    std::size_t max_batch = 512;
    std::chrono::milliseconds interval{1000};  // the longest that a span waits for its batch to fill
  };

  SpanExporter(Options options, Send send);
  // Sends what is queued, once, and ends the thread.
  ~SpanExporter();
  SpanExporter(const SpanExporter&) = delete;
  SpanExporter& operator=(const SpanExporter&) = delete;

  // From any thread.
  void add(Span span);
  std::uint64_t exported() const { return exported_.load(std::memory_order_relaxed); }
  std::uint64_t dropped() const { return dropped_.load(std::memory_order_relaxed); }

 private:
  void run();
  std::vector<Span> next_batch();
  void deliver(const std::vector<Span>& batch);

  const Options options_;
  const Send send_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Span> queue_;  // under mutex_
  bool ending_ = false;      // under mutex_
  std::atomic<std::uint64_t> exported_ = 0;
  std::atomic<std::uint64_t> dropped_ = 0;
  std::thread thread_;
};

}  // namespace sluice::gateway
