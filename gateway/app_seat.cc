// The order of the filters, and what becomes of a request's record.
#include "gateway/app_seat.h"

#include <algorithm>
#include <chrono>
#include <random>
#include <utility>

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

CorsOptions cors_options(const Config& config) {
  CorsOptions options;
  options.origins = config.streams.origins;
  options.credentials = config.cors.credentials;
  options.max_age = std::chrono::duration_cast<std::chrono::seconds>(config.cors.max_age);
  return options;
}

}  // namespace

Seat::Seat(unsigned id, const SeatServices& services, const std::vector<BackendOptions>& backends,
           const std::shared_ptr<const RouteTable>& routes)
    : services_(services),
      worker_(id),
      backends_(*Backends::open(worker_.loop(), backends)),
      router_(routes, backends_->callers(),
              std::max<std::size_t>(1, services.config.calls.max_concurrent_calls / services.config.workers)),
      compression_(router_),
      cors_(services.config.streams.origins.empty()
                ? std::nullopt
                : std::make_optional<Cors>(compression_, cors_options(services.config))),
      request_id_(cors_ ? static_cast<Handler&>(*cors_) : compression_,
                  UuidSource(milliseconds_since_epoch, random_seed())),
      observer_(request_id_, events(), trace_source()) {}

Observer::Events Seat::events() {
  Observer::Events events;
  events.started = [this] { counts_.started(); };
  events.ended = [this](const AccessRecord& record) { ended(record); };
  return events;
}

std::optional<TraceSource> Seat::trace_source() const {
  if (services_.spans == nullptr) return std::nullopt;
  return TraceSource(services_.config.trace.ratio, random_seed());
}

void Seat::ended(const AccessRecord& record) {
  counts_.ended(record);
  if (services_.config.log.access_log) services_.log.access(record);
  if (record.trace && record.trace->sampled) services_.spans->add(span_of(record, std::chrono::system_clock::now()));
}

void Seat::count(MetricsSnapshot& snapshot) const {
  snapshot.requests.merge(counts_);
  snapshot.client_connections += worker_.connections();
  for (std::size_t i = 0; i < backends_->size(); ++i) {
    const bool ready = backends_->channel(i).state() == rpc::ConnectivityState::Ready;
    snapshot.backends[i].ready_workers += ready ? 1 : 0;
  }
}

}  // namespace sluice::gateway
