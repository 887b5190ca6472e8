// The pace at which requests begin: at once, or in turns, in order, and all of them.
#include "gateway/http/pace.h"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

#include "tests/support/loop_fixture.h"

namespace sluice::gateway {
namespace {

// Begins requests, each of which has something to write at the end of the turn.
class PaceTest : public rpc::testing::LoopFixture, private rpc::Wakeup {
 protected:
  rpc::Task<void> request(std::size_t number) {
    co_await pace_.turn();
    begun_.push_back(number);
    loop.post_last(*this);
  }
  void begin(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) rpc::spawn(request(next_++), rpc::StopToken(), [](std::exception_ptr) {});
  }
  void on_wakeup() override { written_.push_back(begun_.size()); }

  Pace pace_{loop};
  std::size_t next_ = 0;
  std::vector<std::size_t> begun_;
  std::vector<std::size_t> written_;  // how many had begun at each write
};

TEST_F(PaceTest, FewBeginAtOnce) {
  begin(Pace::kMostBegun);
  EXPECT_EQ(begun_.size(), Pace::kMostBegun);
  loop.poll();
  EXPECT_EQ(written_, std::vector<std::size_t>{Pace::kMostBegun});
}

TEST_F(PaceTest, ManyBeginInTurnsAndInOrder) {
  constexpr std::size_t kCount = 10 * Pace::kMostBegun + 3;
  begin(kCount);
  EXPECT_EQ(begun_.size(), Pace::kMostBegun);
  loop.poll();
  std::vector<std::size_t> all(kCount);
  std::iota(all.begin(), all.end(), 0);
  EXPECT_EQ(begun_, all);
  std::size_t before = 0;
  for (const std::size_t written : written_) {
    EXPECT_LE(written - before, 2 * Pace::kMostBegun);
    before = written;
  }
  EXPECT_EQ(before, kCount);
}

TEST_F(PaceTest, BeginsAtOnceAgainWhenAllHaveBegun) {
  begin(3 * Pace::kMostBegun);
  loop.poll();
  begin(1);
  EXPECT_EQ(begun_.size(), 3 * Pace::kMostBegun + 1);
}

}  // namespace
}  // namespace sluice::gateway
