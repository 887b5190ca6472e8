// The queue and the thread that empties it.
#include "gateway/telemetry/span_exporter.h"

#include <iterator>
#include <utility>

namespace sluice::gateway {

SpanExporter::SpanExporter(Options options, Send send)
    : options_(std::move(options)), send_(std::move(send)), thread_([this] { run(); }) {}

SpanExporter::~SpanExporter() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void SpanExporter::add(Span span) {
  bool full_batch = false;
  {
    const std::lock_guard lock(mutex_);
    if (queue_.size() >= options_.max_queued) {
      dropped_.fetch_add(1, std::memory_order_relaxed);
      return;
    }
    queue_.push_back(std::move(span));
    full_batch = queue_.size() == options_.max_batch;
  }
  if (full_batch) changed_.notify_one();
}

void SpanExporter::run() {
  while (true) {
    const std::vector<Span> batch = next_batch();
    if (batch.empty()) return;
    deliver(batch);
  }
}

// Nothing: the end.
std::vector<Span> SpanExporter::next_batch() {
  std::unique_lock lock(mutex_);
  const auto worth_sending = [this] { return ending_ || queue_.size() >= options_.max_batch; };
  while (!changed_.wait_for(lock, options_.interval, worth_sending) && queue_.empty()) {
  }
  const auto count = static_cast<std::ptrdiff_t>(std::min(queue_.size(), options_.max_batch));
  std::vector<Span> batch(std::make_move_iterator(queue_.begin()), std::make_move_iterator(queue_.begin() + count));
  queue_.erase(queue_.begin(), queue_.begin() + count);
  return batch;
}

void SpanExporter::deliver(const std::vector<Span>& batch) {
  const bool taken = send_(to_otlp_json(batch, options_.service_name));
  (taken ? exported_ : dropped_).fetch_add(batch.size(), std::memory_order_relaxed);
}

}  // namespace sluice::gateway
