#include "gateway/app.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "gateway/app_settings.h"
#include "gateway/http/blocking_request.h"

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

StartFailure failure_of(const rpc::Status& status) {
  StartFailure failure;
  failure.lines.push_back(status.message());
  return failure;
}

// A collector that hangs costs its thread this much for each batch, and nobody else anything.
constexpr std::chrono::milliseconds kLongestExport{3000};

std::unique_ptr<SpanExporter> make_exporter(const TraceConfig& config) {
  if (config.endpoint.empty()) return nullptr;
  SpanExporter::Options options;
  options.service_name = config.service;
  return std::make_unique<SpanExporter>(
      std::move(options), [url = parse_http_url(config.endpoint)](const std::string& body) {
        const rpc::Result<int> status = url ? post_json(*url, body, kLongestExport) : rpc::Result<int>(0);
        return status && *status >= 200 && *status < 300;
      });
}

}  // namespace

App::App(rpc::Loop& loop, const Config& config, Log& log, About about)
    : loop_(loop),
      config_(config),
      log_(log),
      keeper_(loop, config, log),
      errors_({}, config.errors),
      operations_(config, log, std::move(about)),
      admin_(operations_.sources(), errors_, log) {}

App::~App() = default;

rpc::Task<std::expected<bool, StartFailure>> App::start() {
  if (const rpc::Result<void> admin = admin_.start(config_.admin); !admin) {
    co_return std::unexpected(failure_of(admin.error()));
  }
  RouteTable::Result routes = co_await keeper_.first();
  if (!routes) {
    StartFailure wrong;
    wrong.usage = true;
    wrong.lines = std::move(routes.error());
    co_return std::unexpected(std::move(wrong));
  }
  if (*routes == nullptr) co_return false;
  if (const rpc::Result<void> seated = seat_workers(*routes); !seated) {
    StartFailure wrong = failure_of(seated.error());
    wrong.usage = true;
    co_return std::unexpected(std::move(wrong));
  }
  if (const rpc::Result<void> listening = listen(); !listening) {
    co_return std::unexpected(failure_of(listening.error()));
  }
  keeper_.on_change([this](const std::shared_ptr<const RouteTable>& changed) { publish(changed); });
  co_return true;
}

rpc::Result<void> App::seat_workers(const std::shared_ptr<const RouteTable>& routes) {
  const rpc::Result<std::shared_ptr<const rpc::TlsContext>> tls = front_tls(config_.tls);
  if (!tls) return rpc::fail(tls.error());
  const rpc::Result<std::vector<BackendOptions>> backends = backend_options(config_);
  if (!backends) return rpc::fail(backends.error());
  spans_ = make_exporter(config_.trace);
  const SeatServices services{config_, log_, spans_.get()};
  std::vector<Listener::Seat> seats;
  for (unsigned id = 0; id < config_.workers; ++id) {
    seats_.push_back(std::make_unique<Seat>(id, services, *backends, routes));
    seats.push_back({&seats_.back()->worker(), &seats_.back()->handler()});
  }
  operations_.show(routes);
  Listener::Services shared;
  shared.errors = &errors_;
  shared.failure = [this](const std::exception_ptr& failure) { log_.error("a request failed: " + told(failure)); };
  if (*tls) shared.tls = std::make_shared<rpc::TlsCredentials>(*tls);
  listener_ = std::make_unique<Listener>(std::move(seats), shared, config_.http);
  return {};
}

rpc::Result<void> App::listen() {
  std::vector<rpc::Endpoint> bound;
  for (const rpc::Endpoint& endpoint : config_.listen) {
    rpc::Result<rpc::Endpoint> opened = listener_->open(endpoint);
    if (!opened) return rpc::fail(opened.error());
    bound.push_back(*std::move(opened));
  }
  listener_->start();
  for (const auto& seat : seats_) seat->worker().start();
  started_ = true;
  operations_.serving(seats_, spans_.get());
  for (const rpc::Endpoint& endpoint : bound) {
    const bool unix_socket = endpoint.kind == rpc::Endpoint::Kind::Unix;
    const std::string scheme = config_.tls.certificate.empty() ? "http://" : "https://";
    log_.info("listening on " + (unix_socket ? "" : scheme) + endpoint.to_string());
  }
  return {};
}

void App::publish(const std::shared_ptr<const RouteTable>& routes) {
  for (const auto& seat : seats_) {
    seat->worker().loop().run_soon([&seat, routes] { seat->use(routes); });
  }
  operations_.show(routes);
}

void App::announce_close() {
  operations_.draining();
  listener_->announce_close();
}

rpc::Task<void> App::stop() {
  operations_.draining();
  co_await keeper_.shut_down();
  if (started_) {
    Elsewhere drained(loop_);
    listener_->drain(config_.drain.timeout, drained.done());
    co_await drained.wait();
  }
  co_await stop_admin();
  if (!started_) co_return;
  for (const auto& seat : seats_) {
    Elsewhere shut_down(loop_);
    seat->worker().loop().run_soon([&seat, done = shut_down.done()] {
      rpc::spawn(seat->shut_down(), rpc::StopToken(), [done](std::exception_ptr) { done(); });
    });
    co_await shut_down.wait();
  }
  for (const auto& seat : seats_) seat->worker().stop();
  for (const auto& seat : seats_) seat->worker().join();
}

// Before the workers end, which it asks for their counters.
rpc::Task<void> App::stop_admin() {
  Elsewhere stopped(loop_);
  admin_.stop(stopped.done());
  co_await stopped.wait();
  admin_.join();
}

}  // namespace sluice::gateway
