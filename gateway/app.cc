#include "gateway/app.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "gateway/app_settings.h"
#include "gateway/filter/observer.h"
#include "gateway/route/router.h"

namespace sluice::gateway {
namespace {

// Waits on the loop `here` for what ends on a thread of another loop.
class Elsewhere {
 public:
  explicit Elsewhere(rpc::Loop& here) : here_(here), changed_(here) {}

  // Given to the other side, which calls it once, from any thread.
  std::function<void()> done() {
    return [this] {
      here_.run_soon([this] {
        done_ = true;
        changed_.notify();
      });
    };
  }
  rpc::Task<void> wait() {
    while (!done_) co_await changed_.wait_through_stop();
  }

 private:
  rpc::Loop& here_;
  rpc::Waiter changed_;
  bool done_ = false;
};

std::string told(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& exception) {
    return exception.what();
  }
}

}  // namespace

// What one worker has of its own.
struct App::Seat {
  // The options have been good for the schema's channels.
  Seat(unsigned id, const Config& config, const std::shared_ptr<const RouteTable>& routes, Log& log)
      : worker(id),
        backends(*Backends::open(worker.loop(), *backend_options(config))),
        router(routes, backends->callers(),
               std::max<std::size_t>(1, config.calls.max_concurrent_calls / config.workers)),
        observer(router, {{}, [&log](const AccessRecord& record) { log.access(record); }}),
        handler(config.log.access_log ? static_cast<Handler*>(&observer) : &router) {}

  Worker worker;
  std::unique_ptr<Backends> backends;
  Router router;
  Observer observer;
  Handler* handler;
};

App::App(rpc::Loop& loop, const Config& config, Log& log)
    : loop_(loop), config_(config), log_(log), keeper_(loop, config, log), errors_({}, config.errors) {}

App::~App() = default;

rpc::Task<std::expected<bool, StartFailure>> App::start() {
  RouteTable::Result routes = co_await keeper_.first();
  if (!routes) {
    StartFailure wrong;
    wrong.usage = true;
    wrong.lines = std::move(routes.error());
    co_return std::unexpected(std::move(wrong));
  }
  if (*routes == nullptr) co_return false;
  seat_workers(*routes);
  if (const rpc::Result<void> listening = listen(); !listening) {
    StartFailure failure;
    failure.lines.push_back(listening.error().message());
    co_return std::unexpected(std::move(failure));
  }
  keeper_.on_change([this](const std::shared_ptr<const RouteTable>& changed) { publish(changed); });
  co_return true;
}

void App::seat_workers(const std::shared_ptr<const RouteTable>& routes) {
  std::vector<Listener::Seat> seats;
  for (unsigned id = 0; id < config_.workers; ++id) {
    seats_.push_back(std::make_unique<Seat>(id, config_, routes, log_));
    seats.push_back({&seats_.back()->worker, seats_.back()->handler});
  }
  Listener::Services services;
  services.errors = &errors_;
  services.failure = [this](const std::exception_ptr& failure) { log_.error("a request failed: " + told(failure)); };
  listener_ = std::make_unique<Listener>(std::move(seats), services, config_.http);
}

rpc::Result<void> App::listen() {
  std::vector<rpc::Endpoint> bound;
  for (const rpc::Endpoint& endpoint : config_.listen) {
    rpc::Result<rpc::Endpoint> opened = listener_->open(endpoint);
    if (!opened) return rpc::fail(opened.error());
    bound.push_back(*std::move(opened));
  }
  listener_->start();
  for (const auto& seat : seats_) seat->worker.start();
  started_ = true;
  for (const rpc::Endpoint& endpoint : bound) {
    const bool unix_socket = endpoint.kind == rpc::Endpoint::Kind::Unix;
    log_.info("listening on " + (unix_socket ? "" : std::string("http://")) + endpoint.to_string());
  }
  return {};
}

void App::publish(const std::shared_ptr<const RouteTable>& routes) {
  for (const auto& seat : seats_) {
    seat->worker.loop().run_soon([&router = seat->router, routes] { router.use(routes); });
  }
}

rpc::Task<void> App::stop() {
  co_await keeper_.shut_down();
  if (!started_) co_return;
  Elsewhere drained(loop_);
  listener_->drain(config_.drain.timeout, drained.done());
  co_await drained.wait();
  for (const auto& seat : seats_) {
    Elsewhere shut_down(loop_);
    seat->worker.loop().run_soon([&seat, done = shut_down.done()] {
      rpc::spawn(seat->backends->shut_down(), rpc::StopToken(), [done](std::exception_ptr) { done(); });
    });
    co_await shut_down.wait();
  }
  for (const auto& seat : seats_) seat->worker.stop();
  for (const auto& seat : seats_) seat->worker.join();
}

}  // namespace sluice::gateway
