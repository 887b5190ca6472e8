// Counting, and waking who waits.
#include "gateway/http/pace.h"

#include <algorithm>

namespace sluice::gateway {

bool Pace::begin_now() {
  if (begun_ == kMostBegun) return false;
  if (begun_++ == 0) loop_.post_last(*this);
  return true;
}

void Pace::on_wakeup() {
  const std::size_t count = std::min(waiting_.size(), kMostBegun);
  begun_ = count;
  for (std::size_t i = 0; i < count; ++i) {
    const std::coroutine_handle<> next = waiting_.front();
    waiting_.pop_front();
    next.resume();
  }
  if (count != 0) loop_.post_last(*this);  // behind the write of what these have sent
}

}  // namespace sluice::gateway
