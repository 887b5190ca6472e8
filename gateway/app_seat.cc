// The order of the filters, and what becomes of a request's record.
#include "gateway/app_seat.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <random>
#include <string_view>
#include <utility>

#include "gateway/filter/client_address.h"
#include "gateway/filter/compression.h"
#include "gateway/filter/cors.h"
#include "gateway/filter/observer.h"
#include "gateway/filter/request_id.h"

namespace sluice::gateway {
namespace {

std::uint64_t milliseconds_since_epoch() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
}

std::uint64_t random_seed() {
  std::random_device device;
  return static_cast<std::uint64_t>(device()) << 32 | device();
}

std::optional<Cors> cors(Handler& next, const Config& config) {
  if (config.streams.origins.empty()) return std::nullopt;
  CorsOptions options;
  options.origins = config.streams.origins;
  options.credentials = config.cors.credentials;
  options.max_age = std::chrono::duration_cast<std::chrono::seconds>(config.cors.max_age);
  return std::make_optional<Cors>(next, std::move(options));
}

std::optional<ClientAddress> client_address(Handler& next, const Config& config) {
  if (config.http.trusted_proxies.empty()) return std::nullopt;
  return std::make_optional<ClientAddress>(next, config.http.trusted_proxies);
}

struct StateName {
  rpc::ConnectivityState state;
  std::string_view name;
};
// What tells most comes first: a worker that has no call yet knows nothing of a backend.
constexpr std::array<StateName, 5> kStates = {{{rpc::ConnectivityState::Ready, "READY"},
                                               {rpc::ConnectivityState::TransientFailure, "TRANSIENT_FAILURE"},
                                               {rpc::ConnectivityState::Connecting, "CONNECTING"},
                                               {rpc::ConnectivityState::Idle, "IDLE"},
                                               {rpc::ConnectivityState::Shutdown, "SHUTDOWN"}}};

void add_state(rpc::ConnectivityState state, BackendCounts& counts) {
  const auto found = std::ranges::find(kStates, state, &StateName::state);
  const auto before = std::ranges::find(kStates, counts.state, &StateName::name);
  if (found < before) counts.state = found->name;
  if (state == rpc::ConnectivityState::Ready) ++counts.ready_workers;
}

BackendCounts& counts_of(MetricsSnapshot& snapshot, const std::string& backend) {
  const auto found = std::ranges::find(snapshot.backends, backend, &BackendCounts::name);
  if (found != snapshot.backends.end()) return *found;
  BackendCounts counts;
  counts.name = backend;
  return snapshot.backends.emplace_back(std::move(counts));
}

}  // namespace

// The channels, the router and the filters of one plan.
class Seat::Chain final : public Handler {
 public:
  Chain(Seat& seat, const ServingPlan& plan, const Chain* before)
      : config_(plan.config),
        backends_(
            *Backends::open(seat.channels_, plan.backends, before == nullptr ? nullptr : before->backends_.get())),
        router_(plan.routes, backends_->callers(), seat.slots_),
        compression_(router_),
        cors_(cors(compression_, *config_)),
        request_id_(cors_ ? static_cast<Handler&>(*cors_) : compression_,
                    UuidSource(milliseconds_since_epoch, random_seed())),
        client_address_(client_address(request_id_, *config_)),
        observer_(client_address_ ? static_cast<Handler&>(*client_address_) : request_id_, events(seat),
                  trace_source(seat)) {}

  rpc::Task<void> handle(Request& request, Responder& responder) override {
    return observer_.handle(request, responder);
  }
  Router& router() { return router_; }
  const Backends& backends() const { return *backends_; }

 private:
  Observer::Events events(Seat& seat) const {
    Observer::Events events;
    events.started = [&seat] { seat.counts_.started(); };
    events.ended = [&seat, access_log = config_->log.access_log](const AccessRecord& record) {
      seat.counts_.ended(record);
      if (access_log) seat.access_log_.add(record);
      if (record.trace && record.trace->sampled) {
        seat.services_.spans->add(span_of(record, std::chrono::system_clock::now()));
      }
    };
    return events;
  }
  std::optional<TraceSource> trace_source(const Seat& seat) const {
    if (seat.services_.spans == nullptr) return std::nullopt;
    return TraceSource(config_->trace.ratio, random_seed());
  }

  const std::shared_ptr<const Config> config_;
  const std::unique_ptr<Backends> backends_;
  // From the inside out.
  Router router_;
  Compression compression_;
  std::optional<Cors> cors_;
  RequestId request_id_;
  std::optional<ClientAddress> client_address_;
  Observer observer_;
};

Seat::Seat(unsigned id, const SeatServices& services, const ServingPlan& plan)
    : services_(services), worker_(id), access_log_(worker_.loop(), services.log), channels_(worker_.loop()) {
  use(plan);
}

Seat::~Seat() = default;

void Seat::use(const ServingPlan& plan) {
  slots_.most = std::max<std::size_t>(1, plan.config->calls.max_concurrent_calls / plan.config->workers);
  chain_ = std::make_shared<Chain>(*this, plan, chain_.get());
  switch_.use(chain_);
}

void Seat::use(std::shared_ptr<const RouteTable> routes) { chain_->router().use(std::move(routes)); }

void Seat::count(MetricsSnapshot& snapshot) const {
  snapshot.requests.merge(counts_);
  snapshot.http += http_counts_;
  snapshot.client_connections += worker_.connections();
  for (const auto& [label, totals] : channels_.totals()) counts_of(snapshot, label).channels += totals;
  const Backends& backends = chain_->backends();
  for (std::size_t i = 0; i < backends.size(); ++i) {
    BackendCounts& counts = counts_of(snapshot, backends.label(i));
    counts.configured = true;
    add_state(backends.channel(i).state(), counts);
  }
}

rpc::Task<void> Seat::shut_down() {
  switch_.use(nullptr);
  chain_ = nullptr;
  co_await channels_.join();
}

}  // namespace sluice::gateway
