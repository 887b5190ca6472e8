// The executable sluice: settings, schema, signals, exit codes.
#include <pthread.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <thread>

#include "gateway/app.h"
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

// Blocked in every thread from the start, and taken by the main thread only.
sigset_t stop_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

// A second signal ends the process at once, whatever runs.
void end_at_next_signal(const sigset_t& signals) {
  std::thread([signals] {
    int signal = 0;
    sigwait(&signals, &signal);
    std::_Exit(kExitFailure);
  }).detach();
}

int serve(const Config& config, Log& log) {
  auto routes = load_routes(config);
  if (!routes) return complain(routes.error());
  for (const std::string& method : (*routes)->unserved()) {
    log.warn("not served over HTTP, since its client streams: " + method);
  }
  const sigset_t signals = stop_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  App app(config, *std::move(routes), log);
  if (const rpc::Result<void> started = app.start(); !started) {
    std::fprintf(stderr, "sluice: %s\n", started.error().message().c_str());
    return kExitFailure;
  }
  int signal = 0;
  sigwait(&signals, &signal);
  end_at_next_signal(signals);
  log.info(std::string("stopping by ") + (signal == SIGINT ? "SIGINT" : "SIGTERM"));
  app.announce_close();
  std::this_thread::sleep_for(config.drain.delay);
  app.stop();
  log.info("stopped");
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  LoadInput input;
  input.arguments.assign(argv + 1, argv + argc);
  input.environment = environment();
  input.read_file = read_file;
  input.cpus = granted_cpus();
  input.version = "sluice " SLUICE_VERSION;
  const auto loaded = load_config(input);
  if (!loaded) return complain(loaded.error());
  if (loaded->action == LoadedConfig::Action::Print) {
    std::fputs(loaded->output.c_str(), stdout);
    return 0;
  }
  Log log(loaded->config.log);
  for (const std::string& warning : loaded->warnings) log.warn(warning);
  return serve(loaded->config, log);
}
