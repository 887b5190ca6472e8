// CPUs out of a cgroup's quota.
#include "gateway/cpus.h"

#include <gtest/gtest.h>

namespace sluice::gateway {
namespace {

TEST(Cpus, AreTheQuotaRoundedUp) {
  struct Case {
    const char* cpu_max;
    std::size_t cpus;
  };
  const Case cases[] = {
      {"150000 100000", 2},
      {"100000 100000", 1},
      {"100001 100000", 2},
      {"50000 100000", 1},
      {"1 100000", 1},
      {"6400000 100000", 64},
      {"max 100000", 0},
      {"-1 100000", 0},
      {"0 100000", 0},
      {"100000 0", 0},
      {"100000", 0},
      {"", 0},
      {" ", 0},
  };
  for (const Case& one : cases) EXPECT_EQ(cpus_of_quota(one.cpu_max), one.cpus) << one.cpu_max;
}

TEST(Cpus, AreAtLeastOne) { EXPECT_GE(granted_cpus(), 1u); }

}  // namespace
}  // namespace sluice::gateway
