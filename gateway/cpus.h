// How many CPUs this process may use.
#pragma once

#include <cstddef>
#include <string>

namespace sluice::gateway {

// The smaller of the affinity mask and the cgroup's quota (v2 cpu.max, v1 cpu.cfs_quota_us), rounded up; at least 1.
std::size_t granted_cpus();

// The quota that a cgroup v2 "cpu.max" grants ("150000 100000": 2); 0: none.
std::size_t cpus_of_quota(const std::string& cpu_max);

}  // namespace sluice::gateway
