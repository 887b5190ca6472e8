#include "gateway/app.h"

#include <malloc.h>

#include <algorithm>
#include <utility>

#include "gateway/http/blocking_request.h"
#include "rpc_core/base/deadline_stop.h"

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
// How long a reload waits for the schema of a backend that is new.
constexpr rpc::Duration kLongestReload = std::chrono::seconds(10);

std::unique_ptr<SpanExporter> make_exporter(const TraceConfig& config) {
  if (config.endpoint.empty()) return nullptr;
  SpanExporter::Options options;
  options.service_name = config.service;
  HttpUrl url = *parse_http_url(config.endpoint);  // checked with the settings
  if (url.path == "/") url.path = "/v1/traces";
  return std::make_unique<SpanExporter>(std::move(options), [url](const std::string& body) {
    const rpc::Result<int> status = post_json(url, body, kLongestExport);
    return status && *status >= 200 && *status < 300;
  });
}

// What settings and schema took while they were read; malloc keeps it otherwise.
void give_back_free_memory() {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}

// Of requests that are none.
std::shared_ptr<const ErrorWriter> errors_of(const Config& config) {
  return std::make_shared<const ErrorAnswers>(SchemaFiles(), config.errors, config.error_answers);
}

}  // namespace

App::App(rpc::Loop& loop, LoadedConfig loaded, Load load, Log& log, std::string version)
    : loop_(loop),
      log_(log),
      setup_(std::make_unique<Setup>(loop, std::move(loaded), log)),
      operations_(served(), log, std::move(version)),
      admin_(operations_.sources(), errors_of(config()), log),
      reloader_(loop, log, reload_steps(std::move(load))) {}

App::~App() = default;

rpc::Task<std::expected<bool, StartFailure>> App::start() {
  if (const rpc::Result<void> admin = admin_.start(config().admin); !admin) {
    co_return std::unexpected(failure_of(admin.error()));
  }
  std::expected<bool, Problems> prepared = co_await setup_->prepare(nullptr);
  if (!prepared) {
    StartFailure wrong;
    wrong.usage = true;
    wrong.lines = std::move(prepared.error());
    co_return std::unexpected(std::move(wrong));
  }
  if (!*prepared) co_return false;
  seat_workers();
  if (const rpc::Result<void> listening = listen(); !listening) {
    co_return std::unexpected(failure_of(listening.error()));
  }
  setup_->keeper().on_change([this](const std::shared_ptr<const RouteTable>& changed) { publish(changed); });
  reloader_.start(config().watch);
  give_back_free_memory();
  co_return true;
}

void App::seat_workers() {
  spans_ = make_exporter(config().trace);
  const SeatServices services{log_, spans_.get()};
  const ServingPlan plan = setup_->plan();
  std::vector<Listener::Seat> seats;
  for (unsigned id = 0; id < config().workers; ++id) {
    seats_.push_back(std::make_unique<Seat>(id, services, plan));
    seats.push_back({&seats_.back()->worker(), &seats_.back()->handler(), &seats_.back()->http_counts()});
  }
  operations_.show(served());
  Listener::Services shared;
  shared.errors = errors_of(config());
  shared.failure = [this](const std::exception_ptr& failure) { log_.error("a request failed: " + told(failure)); };
  shared.refused = [this](const std::string& why) { log_.warn("connection refused: " + why); };
  if (setup_->tls()) tls_ = std::make_shared<rpc::TlsCredentials>(setup_->tls());
  shared.tls = tls_;
  listener_ = std::make_unique<Listener>(std::move(seats), shared, config().http);
}

rpc::Result<void> App::listen() {
  std::vector<rpc::Endpoint> bound;
  for (const rpc::Endpoint& endpoint : config().listen) {
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
    const std::string scheme = tls_ ? "https://" : "http://";
    log_.info("listening on " + (unix_socket ? "" : scheme) + endpoint.to_string());
  }
  return {};
}

Served App::served() const { return {setup_->shared_config(), setup_->config_text(), setup_->plan().routes}; }

void App::publish(const std::shared_ptr<const RouteTable>& routes) {
  for (const auto& seat : seats_) {
    seat->worker().loop().run_soon([&seat, routes] { seat->use(routes); });
  }
  operations_.show(routes);
}

Reloader::Steps App::reload_steps(Load load) {
  Reloader::Steps steps;
  steps.load = [this, load = std::move(load)] { return load(config()); };
  steps.apply = [this](LoadedConfig loaded) { return apply(std::move(loaded)); };
  steps.files = [this] {
    std::vector<std::string> files = setup_->files();
    files.insert(files.end(), refused_files_.begin(), refused_files_.end());
    return files;
  };
  steps.ended = [this](const Problems& problems) { operations_.reloaded(problems); };
  return steps;
}

rpc::Task<std::expected<void, Problems>> App::apply(LoadedConfig loaded) {
  const rpc::StopToken token = co_await rpc::current_stop();
  rpc::DeadlineStop patience(loop_, rpc::deadline_after(loop_.now(), kLongestReload), token);
  auto next = std::make_unique<Setup>(loop_, std::move(loaded), log_);
  std::expected<bool, Problems> prepared = co_await next->prepare(setup_.get()).with_stop(patience.token());
  if (prepared && !*prepared) {
    Problems silent;
    for (const std::string& label : next->keeper().unknown()) {
      const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(kLongestReload).count();
      silent.push_back("backend " + label + ": expected its schema by reflection within " + std::to_string(seconds) +
                       "s, got none");
    }
    prepared = std::unexpected(std::move(silent));
  }
  if (!prepared) {
    refused_files_ = next->files();
    co_await next->shut_down();
    co_return std::unexpected(std::move(prepared.error()));
  }
  refused_files_.clear();
  next->take_over(*setup_);
  setup_->keeper().on_change(nullptr);
  std::swap(setup_, next);
  serve_with(*next);
  co_await next->shut_down();
  give_back_free_memory();
  co_return std::expected<void, Problems>();
}

void App::serve_with(const Setup& before) {
  setup_->keeper().on_change([this](const std::shared_ptr<const RouteTable>& changed) { publish(changed); });
  const ServingPlan plan = setup_->plan();
  for (const auto& seat : seats_) {
    seat->worker().loop().run_soon([&seat, plan] { seat->use(plan); });
  }
  listener_->use(config().http, errors_of(config()));
  if (tls_) tls_->replace(setup_->tls());
  // What was set by hand stays, unless the settings say otherwise than they did.
  if (config().log.level != before.config().log.level) log_.set_level(config().log.level);
  operations_.show(served());
  log_.info("reloaded: " + std::to_string(plan.routes->routes().size()) + " routes");
}

void App::announce_close() {
  operations_.draining();
  listener_->announce_close();
}

rpc::Task<void> App::stop() {
  operations_.draining();
  co_await reloader_.shut_down();
  co_await setup_->shut_down();
  if (started_) {
    Elsewhere drained(loop_);
    listener_->drain(config().drain.timeout, drained.done());
    co_await drained.wait();
  }
  co_await stop_admin();
  if (started_) {
    co_await stop_workers();
  } else {
    for (const auto& seat : seats_) seat->worker().loop().run(seat->shut_down());  // on no thread of their own yet
  }
}

// Before the workers end, which it asks for their counters.
rpc::Task<void> App::stop_admin() {
  Elsewhere stopped(loop_);
  admin_.stop(stopped.done());
  co_await stopped.wait();
  admin_.join();
}

rpc::Task<void> App::stop_workers() {
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

}  // namespace sluice::gateway
