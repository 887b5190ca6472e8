// One task reloads, another one looks at the files.
#include "gateway/app_reload.h"

#include <utility>

namespace sluice::gateway {
namespace {

// A change is acted upon when it has lasted from one look to the next: a certificate and its key, or a file that an
// editor writes in pieces, are seen together.
constexpr rpc::Duration kBetweenLooks = std::chrono::milliseconds(400);

}  // namespace

Reloader::Reloader(rpc::Loop& loop, Log& log, Steps steps)
    : loop_(loop), log_(log), steps_(std::move(steps)), changed_(loop), tasks_(loop) {
  loaded_ = file_states(steps_.files());
}

void Reloader::request(const std::string& why) {
  requested_ = why;
  changed_.notify();
}

void Reloader::start(bool watch) {
  tasks_.spawn(serve_requests());
  if (watch) tasks_.spawn(watch_files());
}

rpc::Task<void> Reloader::shut_down() {
  tasks_.request_stop();
  co_await tasks_.join();
}

rpc::Task<void> Reloader::serve_requests() {
  while (true) {
    while (requested_.empty()) {
      if (bool notified = co_await changed_.wait(); !notified) co_return;
    }
    co_await reload();
  }
}

rpc::Task<void> Reloader::watch_files() {
  const rpc::StopToken token = co_await rpc::current_stop();
  FileStates last = file_states(steps_.files());
  loaded_.insert(last.begin(), last.end());
  while (!token.stop_requested()) {
    co_await rpc::sleep_for(loop_, kBetweenLooks);
    FileStates now = file_states(steps_.files());
    loaded_.insert(now.begin(), now.end());  // files that the last reload brought
    const std::vector<std::string> changed = changed_files(loaded_, now);
    if (!changed.empty() && changed_files(last, now).empty()) {
      loaded_ = now;
      request(changed.front() + " changed");
    }
    last = std::move(now);
  }
}

rpc::Task<void> Reloader::reload() {
  const rpc::StopToken token = co_await rpc::current_stop();
  log_.info("reloading: " + std::exchange(requested_, {}));
  loaded_ = file_states(steps_.files());
  std::expected<LoadedConfig, Problems> loaded = steps_.load();
  if (!loaded) {
    refuse(loaded.error());
    co_return;
  }
  for (const std::string& warning : loaded->warnings) log_.warn(warning);
  const std::expected<void, Problems> applied = co_await steps_.apply(*std::move(loaded));
  if (token.stop_requested()) co_return;
  if (!applied) {
    refuse(applied.error());
    co_return;
  }
  steps_.ended({});
}

void Reloader::refuse(const Problems& problems) {
  for (const std::string& problem : problems) log_.error("reload refused, the old configuration stays: " + problem);
  steps_.ended(problems);
}

}  // namespace sluice::gateway
