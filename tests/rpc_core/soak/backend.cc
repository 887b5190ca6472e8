// The soak test's server: small windows, connections that age, and restarts.
#include "tests/rpc_core/soak/backend.h"

#include <chrono>
#include <stdexcept>

namespace sluice::soak {
namespace {

using namespace std::chrono_literals;

// A restarted server's calls get so long, every other time nothing; and a connection lives about so long.
constexpr rpc::Duration kGrace = 2s;
constexpr rpc::Duration kMaxAge = 10s;

}  // namespace

struct Backend::Side {
  explicit Side(rpc::Loop& loop) : tasks(loop) {}
  Handlers handlers;
  std::unique_ptr<rpc::Server> server;
  rpc::TaskGroup tasks;
  std::uint64_t restarts = 0;
  bool restarting = false;
};

Backend::Backend(std::shared_ptr<const rpc::TlsCredentials> tls)
    : tls_(std::move(tls)), endpoint_(rpc::Endpoint::Kind::Tcp, "127.0.0.1", 0) {
  thread_.call([this] {
    idle_frames_ = rpc::live_task_frames;
    side_ = std::make_unique<Side>(thread_.loop());
    endpoint_ = start();
  });
}

Backend::~Backend() = default;

rpc::ServerOptions Backend::options() const {
  rpc::ServerOptions options;
  options.tls = tls_;
  options.workers = 2;
  options.http2.stream_window_bytes = 64 * 1024;
  options.http2.connection_window_bytes = 256 * 1024;
  options.http2.life.max_age = kMaxAge;
  options.http2.life.max_age_grace = 5s;
  options.send_buffer_bytes = 32 * 1024;
  return options;
}

rpc::Endpoint Backend::start() {
  side_->server = std::make_unique<rpc::Server>(thread_.loop(), options());
  side_->server->add(side_->handlers);
  const rpc::Result<rpc::Endpoint> listening = side_->server->listen(endpoint_);
  if (!listening) throw std::runtime_error(listening.error().to_string());
  return *listening;
}

void Backend::restart() {
  thread_.loop().run_soon([this] {
    if (!side_->restarting) side_->tasks.spawn(replace_server());
  });
}

rpc::Task<void> Backend::replace_server() {
  side_->restarting = true;
  const bool abruptly = ++side_->restarts % 2 == 0;
  co_await side_->server->shut_down(abruptly ? rpc::Duration::zero() : kGrace);
  start();
  side_->restarting = false;
}

BackendFacts Backend::facts() {
  return thread_.call([this] {
    return BackendFacts{side_->handlers.started(),     side_->handlers.returned(),     side_->restarts,
                        side_->server->open_streams(), side_->server->running_calls(), side_->restarting};
  });
}

rpc::Task<void> Backend::end_all() {
  co_await side_->tasks.join();
  co_await side_->server->shut_down(kGrace);
}

bool Backend::shut_down() {
  thread_.run(end_all());
  const bool clean = thread_.call([this] {
    side_.reset();
    return !thread_.loop().next_timer() && rpc::live_task_frames == idle_frames_;
  });
  thread_.stop();
  return clean;
}

}  // namespace sluice::soak
