// Fifo: the order of a queue, against std::deque, and what it gives back.
#include "rpc_core/base/fifo.h"

#include <gtest/gtest.h>

#include <deque>
#include <memory>
#include <vector>

namespace sluice::rpc {
namespace {

TEST(Fifo, KeepsTheOrderOfAnySequence) {
  Fifo<int> queue;
  std::deque<int> model;
  unsigned random = 1;
  for (int step = 0; step < 20'000; ++step) {
    random = random * 1664525 + 1013904223;
    // Phases that grow and phases that shrink.
    const bool push = (random >> 16) % 100 < ((step / 500) % 2 == 0 ? 60u : 40u);
    if (push) {
      queue.push_back(step);
      model.push_back(step);
    } else if (!model.empty()) {
      queue.pop_front();
      model.pop_front();
    }
    ASSERT_EQ(queue.size(), model.size());
    ASSERT_EQ(queue.empty(), model.empty());
    if (model.empty()) continue;
    ASSERT_EQ(queue.front(), model.front());
    ASSERT_EQ(queue[model.size() - 1], model.back());
  }
  EXPECT_EQ(std::vector<int>(queue.begin(), queue.end()), std::vector<int>(model.begin(), model.end()));
  queue.clear();
  EXPECT_TRUE(queue.empty());
}

TEST(Fifo, ReleasesWhatIsTakenOut) {
  const auto item = std::make_shared<int>(7);
  Fifo<std::shared_ptr<int>> queue;
  for (int i = 0; i < 3; ++i) queue.push_back(item);
  queue.pop_front();
  EXPECT_EQ(item.use_count(), 3);
  queue.clear();
  EXPECT_EQ(item.use_count(), 1);
}

}  // namespace
}  // namespace sluice::rpc
