// Reloader: loads the configuration again when it is asked to, or when a file has changed.
#pragma once

#include <expected>
#include <functional>
#include <string>
#include <vector>

#include "gateway/config/load.h"
#include "gateway/file_states.h"
#include "gateway/telemetry/log.h"
#include "rpc_core/base/task_group.h"
#include "rpc_core/base/waiter.h"

namespace sluice::gateway {

// Belongs to one loop. One reload runs at a time; requests that come meanwhile make one more, together.
class Reloader {
 public:
  struct Steps {
    std::function<std::expected<LoadedConfig, Problems>()> load;
    // All or nothing.
    std::function<rpc::Task<std::expected<void, Problems>>(LoadedConfig)> apply;
    // What to watch at the moment.
    std::function<std::vector<std::string>()> files;
    // How a reload ended; no problems: well.
    std::function<void(const Problems&)> ended;
  };
  // What is watched has been loaded just now: changes count from here.
  Reloader(rpc::Loop& loop, Log& log, Steps steps);

  // May come before start(), and counts then.
  void request(const std::string& why);
  void start(bool watch);
  // Breaks off what runs. Await it before this goes away.
  rpc::Task<void> shut_down();

 private:
  rpc::Task<void> serve_requests();
  rpc::Task<void> watch_files();
  rpc::Task<void> reload();
  void refuse(const Problems& problems);

  rpc::Loop& loop_;
  Log& log_;
  const Steps steps_;
  std::string requested_;  // why; empty: no reload is due
  FileStates loaded_;      // as of the last reload
  rpc::Waiter changed_;
  rpc::TaskGroup tasks_;
};

}  // namespace sluice::gateway
