// The life of a worker's thread.
#include "gateway/worker.h"

#include <gtest/gtest.h>

#include <future>

namespace sluice::gateway {
namespace {

TEST(Worker, RunsItsLoopOnAThreadOfItsOwnUntilItIsStopped) {
  Worker worker(7);
  worker.start();
  std::promise<bool> elsewhere;
  const auto here = std::this_thread::get_id();
  worker.loop().run_soon([&] { elsewhere.set_value(std::this_thread::get_id() != here); });
  EXPECT_TRUE(elsewhere.get_future().get());
  EXPECT_EQ(worker.id(), 7u);
  worker.stop();
  worker.join();
}

TEST(Worker, MayBeStoppedBeforeItsThreadRuns) {
  for (int i = 0; i < 100; ++i) {
    Worker worker(0);
    worker.start();
    worker.stop();
    worker.join();
  }
}

TEST(Worker, CountsConnections) {
  Worker worker(0);
  worker.count_connection();
  worker.count_connection();
  worker.discount_connection();
  EXPECT_EQ(worker.connections(), 1u);
}

}  // namespace
}  // namespace sluice::gateway
