// What /proc says of the test itself.
#include "gateway/telemetry/process_stats.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>

namespace sluice::gateway {
namespace {

TEST(ProcessStats, SeesAFileBeingOpened) {
  const double before = read_process_stats().open_files;
  const int file = open("/dev/null", O_RDONLY);
  ASSERT_GE(file, 0);
  EXPECT_EQ(read_process_stats().open_files, before + 1);
  close(file);
}

TEST(ProcessStats, StartedNotLongAgo) {
  const double now = std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  const ProcessStats stats = read_process_stats();
  EXPECT_LT(stats.start_seconds, now + 2);
  EXPECT_GT(stats.start_seconds, now - 3600);
  EXPECT_GT(stats.resident_bytes, 1e5);
  EXPECT_GT(stats.max_files, stats.open_files);
  EXPECT_GE(stats.cpu_seconds, 0);
}

}  // namespace
}  // namespace sluice::gateway
