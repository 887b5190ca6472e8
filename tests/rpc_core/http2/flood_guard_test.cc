// What a peer may do too much of: the rates.
#include "rpc_core/http2/flood_guard.h"

#include <gtest/gtest.h>

namespace sluice::rpc::testing {
namespace {

using namespace std::chrono_literals;
using http2::FloodGuard;
using http2::FloodLimits;
using http2::RateBudget;

constexpr TimePoint kStart{};

TEST(RateBudget, GivesSoMuchAtOnceAndThenSoMuchASecond) {
  RateBudget budget(3, 2, kStart);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(budget.spend(kStart)) << i;
  EXPECT_FALSE(budget.spend(kStart));
  EXPECT_FALSE(budget.spend(kStart + 400ms));
  EXPECT_TRUE(budget.spend(kStart + 600ms));
  EXPECT_FALSE(budget.spend(kStart + 600ms));
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(budget.spend(kStart + 1h)) << "no more than the burst";
  EXPECT_FALSE(budget.spend(kStart + 1h));
}

TEST(FloodGuard, CountsPingsThatComeTooSoon) {
  struct Row {
    const char* name;
    bool has_streams, allowed_without;
    Duration apart;
    int fine;  // of ten
  };
  for (const Row& row : {Row{"too soon", true, false, 4min, 3}, Row{"in time", true, false, 5min, 10},
                         Row{"idle", false, false, 10min, 3}, Row{"idle, in time", false, false, 2h, 10},
                         Row{"idle, and allowed", false, true, 5min, 10}, Row{"at once", true, true, 0s, 3}}) {
    FloodLimits limits;
    limits.pings_without_streams = row.allowed_without;
    FloodGuard guard(limits, kStart);
    int fine = 0;
    for (int i = 0; i < 10; ++i) fine += guard.ping_received(kStart + i * row.apart, row.has_streams) ? 1 : 0;
    EXPECT_EQ(fine, row.fine) << row.name;
  }
}

TEST(FloodGuard, ForgivesPingsBesideTraffic) {
  FloodGuard guard(FloodLimits(), kStart);
  for (int i = 0; i < 10; ++i) {
    EXPECT_TRUE(guard.ping_received(kStart + 1s, true));
    guard.useful_frame_sent();
  }
}

TEST(FloodGuard, CountsDataThatSaysNothing) {
  FloodLimits limits;
  limits.empty_frames = 2;
  limits.tiny_frames = 4;
  FloodGuard guard(limits, kStart);
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(guard.data_received(5, false));
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(guard.data_received(0, true)) << "an end says something";
  EXPECT_TRUE(guard.data_received(0, false));
  EXPECT_TRUE(guard.data_received(0, false));
  EXPECT_FALSE(guard.data_received(0, false));
  EXPECT_TRUE(guard.data_received(1, false));
  EXPECT_FALSE(guard.data_received(1, false)) << "the empty ones are tiny as well";
}

TEST(FloodGuard, CountsAServersPingsBesideWhatWeSend) {
  FloodLimits limits;
  limits.server_pings_burst = 2;
  limits.server_pings_per_second = 1;
  FloodGuard guard(limits, kStart);
  for (int i = 0; i < 10; ++i) {
    EXPECT_TRUE(guard.server_ping_received(kStart)) << i;
    EXPECT_TRUE(guard.server_ping_received(kStart)) << i;
    guard.useful_frame_sent();
  }
  EXPECT_TRUE(guard.server_ping_received(kStart));
  EXPECT_TRUE(guard.server_ping_received(kStart));
  EXPECT_FALSE(guard.server_ping_received(kStart));
  EXPECT_TRUE(guard.server_ping_received(kStart + 1s)) << "as many a second are fine for ever";
}

}  // namespace
}  // namespace sluice::rpc::testing
