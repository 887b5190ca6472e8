// The affinity mask and the quota of the cgroup.
#include "gateway/cpus.h"

#include <sched.h>

#include <algorithm>
#include <fstream>
#include <sstream>

namespace sluice::gateway {
namespace {

std::string first_line(const char* path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

std::string cpu_quota() {
  const std::string v2 = first_line("/sys/fs/cgroup/cpu.max");
  if (!v2.empty()) return v2;
  return first_line("/sys/fs/cgroup/cpu/cpu.cfs_quota_us") + " " + first_line("/sys/fs/cgroup/cpu/cpu.cfs_period_us");
}

}  // namespace

std::size_t cpus_of_quota(const std::string& cpu_max) {
  std::istringstream text(cpu_max);
  long quota = 0;
  long period = 0;
  if (!(text >> quota >> period) || quota <= 0 || period <= 0) return 0;
  return static_cast<std::size_t>((quota + period - 1) / period);
}

std::size_t granted_cpus() {
  cpu_set_t mask;
  CPU_ZERO(&mask);
  std::size_t cpus = 1;
  if (sched_getaffinity(0, sizeof(mask), &mask) == 0) cpus = static_cast<std::size_t>(CPU_COUNT(&mask));
  const std::size_t quota = cpus_of_quota(cpu_quota());
  return std::max<std::size_t>(1, quota == 0 ? cpus : std::min(cpus, quota));
}

}  // namespace sluice::gateway
