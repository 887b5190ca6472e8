// The executable sluice: settings, schema, signals, exit codes.
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <utility>

#include "gateway/app.h"
#include "gateway/app_commands.h"
#include "gateway/app_signals.h"
#include "gateway/config/load.h"
#include "gateway/cpus.h"
#include "gateway/telemetry/log.h"

namespace {

using namespace sluice::gateway;
namespace rpc = sluice::rpc;

constexpr int kExitFailure = 1;
constexpr int kExitUsage = 2;

rpc::Result<std::string> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return rpc::fail(rpc::StatusCode::NotFound, path + ": cannot be read");
  return std::string(std::istreambuf_iterator<char>(file), {});
}

std::map<std::string, std::string> environment() {
  std::map<std::string, std::string> variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    const std::size_t equals = text.find('=');
    if (equals != std::string::npos) variables.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return variables;
}

int complain(const Problems& problems) {
  for (const std::string& problem : problems) std::fprintf(stderr, "sluice: %s\n", problem.c_str());
  return kExitUsage;
}

rpc::Task<int> serve(rpc::Loop& loop, LoadedConfig loaded, App::Load load, Log& log) {
  Signals signals(loop);
  App app(loop, std::move(loaded), std::move(load), log, SLUICE_VERSION);
  signals.on_hangup([&app] { app.reload("SIGHUP"); });
  const std::expected<bool, StartFailure> started = co_await app.start().with_stop(signals.stop_token());
  if (!started) {
    complain(started.error().lines);
    co_await app.stop();
    co_return started.error().usage ? kExitUsage : kExitFailure;
  }
  const int signal = co_await signals.first();
  log.info(std::string("stopping by ") + (signal == SIGINT ? "SIGINT" : "SIGTERM"));
  if (*started) {
    app.announce_close();
    co_await rpc::sleep_for(loop, app.config().drain.delay);
  }
  co_await app.stop();
  log.info("stopped");
  co_return 0;
}

}  // namespace

int main(int argc, char** argv) {
  LoadInput input;
  input.arguments.assign(argv + 1, argv + argc);
  input.environment = environment();
  input.read_file = read_file;
  input.cpus = granted_cpus();
  input.version = "sluice " SLUICE_VERSION;
  auto loaded = load_config(input);
  if (!loaded) return complain(loaded.error());
  if (loaded->action == LoadedConfig::Action::Print) {
    std::fputs(loaded->output.c_str(), stdout);
    return 0;
  }
  Log log(loaded->config.log);
  for (const std::string& warning : loaded->warnings) log.warn(warning);
  if (loaded->config.command.command != Command::Serve) return run_command(*loaded, log);
  rpc::Loop loop;
  App::Load load = [input](const Config& running) mutable {
    input.running = &running;
    return load_config(input);
  };
  return loop.run(serve(loop, *std::move(loaded), std::move(load), log));
}
