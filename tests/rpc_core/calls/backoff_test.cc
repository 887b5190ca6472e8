// How long a channel waits between attempts to connect, and that it does.
#include "rpc_core/client/backoff.h"

#include <gmock/gmock.h>

#include <vector>

#include "tests/support/raw_service.h"

namespace sluice::rpc::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

struct WaitsCase {
  const char* name;
  BackoffOptions options;
  std::vector<Duration> waits;
};

TEST(Backoff, GrowsUpToItsMaximum) {
  const WaitsCase kCases[] = {
      {"gRPC's own, without jitter", {.jitter = 0}, {1s, 1600ms, 2560ms, 4096ms, 6553600us, 10485760us}},
      {"a low cap", {.jitter = 0, .max = 2s}, {1s, 1600ms, 2s, 2s}},
      {"a cap below the first", {.jitter = 0, .max = 500ms}, {500ms, 500ms}},
      {"other numbers", {.initial = 10ms, .multiplier = 3, .jitter = 0, .max = 100ms}, {10ms, 30ms, 90ms, 100ms}},
  };
  for (const WaitsCase& each : kCases) {
    Backoff backoff(each.options, 1);
    for (int round = 0; round < 2; ++round) {
      for (const Duration wait : each.waits) EXPECT_NEAR(backoff.next().count(), wait.count(), 10) << each.name;
      backoff.reset();
    }
  }
}

TEST(Backoff, ReachesTwoMinutes) {
  Backoff backoff({.jitter = 0}, 1);
  for (int i = 0; i < 11; ++i) backoff.next();
  for (int i = 0; i < 100; ++i) EXPECT_EQ(backoff.next(), 120s);
}

TEST(Backoff, VariesByAFifth) {
  Duration least = 1h, most = 0s;
  for (std::uint64_t seed = 1; seed < 200; ++seed) {
    const Duration wait = Backoff(BackoffOptions(), seed).next();
    least = std::min(least, wait);
    most = std::max(most, wait);
  }
  EXPECT_GE(least, 800ms);
  EXPECT_LT(least, 900ms);
  EXPECT_LE(most, 1200ms);
  EXPECT_GT(most, 1100ms);
}

using BackoffCallTest = RawCallFixture;

// While a call waits for the connection; when one is made, the next failure begins anew.
TEST_F(BackoffCallTest, SpacesTheAttemptsToConnect) {
  ChannelOptions options;
  options.subchannel.backoff = {.jitter = 0, .max = 2s};
  start({}, options);
  refuse_connections = true;
  Started<Outcome> patient(exchange({"x"}, {.timeout = 1h, .wait_for_ready = true}));
  loop.poll();
  EXPECT_EQ(connects, 1);
  int made = 1;
  for (const Duration wait : {1000ms, 1600ms, 2000ms, 2000ms, 2000ms}) {
    advance(wait - 20ms);
    EXPECT_EQ(connects, made) << wait.count();
    advance(22ms);
    EXPECT_EQ(connects, ++made) << wait.count();
  }
  refuse_connections = false;
  advance(2100ms);
  EXPECT_EQ(patient.get().status, Status());
}

}  // namespace
}  // namespace sluice::rpc::testing
