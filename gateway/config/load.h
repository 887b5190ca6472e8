// From the command line, the environment and a YAML file to a Config.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "gateway/config/config.h"
#include "gateway/config/setting.h"
#include "rpc_core/base/result.h"

namespace sluice::gateway {

// Everything that loading looks at.
struct LoadInput {
  std::vector<std::string> arguments;  // without the program's name
  std::map<std::string, std::string> environment;
  std::function<rpc::Result<std::string>(const std::string& path)> read_file;
  std::size_t cpus = 1;  // the default of --workers
  std::string version;   // what --version prints: "sluice 1.2.3"
  // Of a reload: what the process serves with, whose fixed settings stay, with a warning. nullptr: it is the start.
  const Config* running = nullptr;
};

struct LoadedConfig {
  enum class Action : std::uint8_t {
    Serve,
    Print,  // --help, --version, --print-config: write `output` to stdout and exit with 0
  };

  Action action = Action::Serve;
  std::string output;
  Config config;                      // with Print it may lack what is required
  std::string file;                   // of the settings; empty: none
  std::string config_text;            // what --print-config prints
  std::vector<std::string> warnings;  // a line each, for the log
  Problems problems;                  // of the command check alone, which goes on to look at the schema
};

// A flag goes before an environment variable, that before the file, that before the default; a list from a higher
// source replaces the lower one. Never exits, prints or throws; every problem is collected.
std::expected<LoadedConfig, Problems> load_config(const LoadInput& input);

}  // namespace sluice::gateway
