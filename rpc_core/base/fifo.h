// Fifo: a queue that owns no memory while it is new, and little later.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "rpc_core/base/pool.h"

namespace sluice::rpc {

// For queues that mostly hold an element or none, where std::deque allocates twice before the first. Elements are
// default-constructible; what was taken out leaves an empty one behind for a while.
template <class T>
class Fifo {
 public:
  bool empty() const { return head_ == items_.size(); }
  std::size_t size() const { return items_.size() - head_; }

  T& front() { return items_[head_]; }
  const T& front() const { return items_[head_]; }
  T& operator[](std::size_t index) { return items_[head_ + index]; }
  auto begin() { return items_.begin() + static_cast<std::ptrdiff_t>(head_); }
  auto end() { return items_.end(); }

  void push_back(T item) { items_.push_back(std::move(item)); }
  void pop_front() {
    items_[head_++] = T();
    if (head_ == items_.size()) {
      clear();
    } else if (head_ >= kCompactFrom && head_ > size()) {
      items_.erase(items_.begin(), begin());
      head_ = 0;
    }
  }
  void clear() {
    items_.clear();
    head_ = 0;
  }

 private:
  static constexpr std::size_t kCompactFrom = 16;

  std::vector<T, PoolAllocator<T>> items_;
  std::size_t head_ = 0;  // of the first one
};

}  // namespace sluice::rpc
