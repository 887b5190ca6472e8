// ProcessStats: what the system knows of this process.
#pragma once

namespace sluice::gateway {

struct ProcessStats {
  double cpu_seconds = 0;
  double resident_bytes = 0;
  double open_files = 0;
  double max_files = 0;
  double start_seconds = 0;  // since the Unix epoch
};

// From /proc; what cannot be read there is 0.
ProcessStats read_process_stats();

}  // namespace sluice::gateway
