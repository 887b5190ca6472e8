// One watch a backend; their answers together are a table.
#include "gateway/app_routes.h"

#include <algorithm>
#include <map>
#include <utility>

#include "gateway/app_settings.h"

namespace sluice::gateway {
namespace {

// A failure that stays the same is told this often.
constexpr rpc::Duration kTellAgain = std::chrono::seconds(15);
// Of one answer of reflection, whatever answers to clients may have.
constexpr std::size_t kLargestSchema = 64 << 20;

bool same_schema(const rpc::ReflectedSchema& one, const rpc::ReflectedSchema& other) {
  return one.services == other.services && one.files.SerializeAsString() == other.files.SerializeAsString();
}

}  // namespace

RouteKeeper::RouteKeeper(rpc::Loop& loop, const Config& config, Log& log)
    : loop_(loop),
      config_(config),
      log_(log),
      owned_(loop),
      schemas_(config.backends.size()),
      backends_(config.backends.size()),
      changed_(loop),
      watches_(loop) {}

rpc::Task<RouteTable::Result> RouteKeeper::first() {
  if (const rpc::Result<void> opened = open_backends(); !opened) {
    co_return std::unexpected(RouteTable::Problems(1, opened.error().message()));
  }
  RouteTable::Problems problems = load_files(config_, schemas_);
  if (!problems.empty()) co_return std::unexpected(std::move(problems));
  for (std::size_t i = 0; i < backends_.size(); ++i) {
    if (!schemas_[i].files) watch(i, SchemaWatch::Scope::Schema);
  }
  while (!std::ranges::all_of(schemas_, is_known) && !fatal_) {
    if (bool notified = co_await changed_.wait(); !notified) co_return nullptr;
  }
  if (fatal_) co_return std::unexpected(RouteTable::Problems(1, *fatal_));
  RouteTable::Result built = accept(build_routes(config_, schemas_));
  if (!built) co_return built;
  for (std::size_t i = 0; i < backends_.size(); ++i) {
    if (schemas_[i].files) watch(i, SchemaWatch::Scope::ServiceNames);
  }
  co_return built;
}

rpc::Result<void> RouteKeeper::open_backends() {
  auto options = backend_options(config_);
  if (!options) return rpc::fail(options.error());
  for (BackendOptions& option : *options) option.channel.max_receive_bytes = kLargestSchema;
  auto opened = Backends::open(owned_, *options);
  if (!opened) return rpc::fail(opened.error());
  channels_ = *std::move(opened);
  return {};
}

rpc::Task<void> RouteKeeper::shut_down() {
  watches_.request_stop();
  co_await watches_.join();
  channels_ = nullptr;
  co_await owned_.join();
}

void RouteKeeper::watch(std::size_t index, SchemaWatch::Scope scope) {
  SchemaWatch::Events events;
  events.failed = [this, index](const rpc::Status& status) { failed(index, status); };
  events.undescribed = [this, index](const std::string& service) {
    log_.warn("backend " + label(index) + " lists " + service + " but cannot describe it: it has no routes");
  };
  events.schema = [this, index, scope](rpc::ReflectedSchema schema) {
    if (scope == SchemaWatch::Scope::Schema) return reflected(index, std::move(schema));
    listed(index, schema.services);
  };
  backends_[index].watch = std::make_unique<SchemaWatch>(channels_->channel(index), scope, std::move(events));
  watches_.spawn(backends_[index].watch->run());
}

void RouteKeeper::recall(const RouteKeeper& before) {
  for (std::size_t i = 0; i < backends_.size(); ++i) {
    for (std::size_t j = 0; j < before.backends_.size(); ++j) {
      const bool same = label(i) == before.label(j) && config_.backends[i].target == before.config_.backends[j].target;
      if (same) schemas_[i].reflected = before.schemas_[j].reflected;
    }
  }
}

std::vector<std::string> RouteKeeper::unknown() const {
  std::vector<std::string> labels;
  for (std::size_t i = 0; i < backends_.size(); ++i) {
    if (!is_known(schemas_[i])) labels.push_back(label(i));
  }
  return labels;
}

// A change that came before is in current().
void RouteKeeper::on_change(Publish publish) { publish_ = std::move(publish); }

void RouteKeeper::reflected(std::size_t index, rpc::ReflectedSchema schema) {
  if (schemas_[index].reflected && same_schema(*schemas_[index].reflected, schema)) return;
  const std::size_t services = schema.services.size();
  schemas_[index].reflected = std::move(schema);
  backends_[index].last_failure.clear();
  log_.info("backend " + label(index) + ": its reflection lists " + std::to_string(services) + " services");
  changed_.notify();
  if (!current_) return;
  const RouteTable::Result built = accept(build_routes(config_, schemas_));
  if (built) {
    if (publish_) publish_(*built);
    return;
  }
  for (const std::string& problem : built.error()) log_.error("schema refused, the old one stays: " + problem);
}

void RouteKeeper::failed(std::size_t index, const rpc::Status& status) {
  Backend& backend = backends_[index];
  const bool lacks_reflection = status.code() == rpc::StatusCode::Unimplemented;
  if (schemas_[index].files && lacks_reflection) return;
  if (!current_ && lacks_reflection) {
    fatal_ = "backend " + label(index) +
             ": expected its reflection service (grpc.reflection.v1 or v1alpha) or --descriptor-set or --proto, got " +
             status.message();
    return changed_.notify();
  }
  if (backend.last_failure == status.message() && loop_.now() - backend.told < kTellAgain) return;
  backend.last_failure = status.message();
  backend.told = loop_.now();
  log_.warn((current_ ? "backend " : "waiting for backend ") + label(index) + ": " + status.message());
}

// Routes of a method that the backend does not have would answer 501.
void RouteKeeper::listed(std::size_t index, const std::vector<std::string>& services) {
  std::map<std::string, std::size_t> missing;
  for (std::size_t route = 0; route < current_->routes().size(); ++route) {
    const RouteInfo& info = current_->info(route);
    const std::string& service = info.binding.method->service()->full_name();
    if (info.backend == index && std::ranges::count(services, service) == 0) ++missing[service];
  }
  for (const auto& [service, routes] : missing) {
    log_.warn("backend " + label(index) + " does not serve " + service + ": its " + std::to_string(routes) +
              (routes == 1 ? " route" : " routes") + " will answer 501");
  }
}

RouteTable::Result RouteKeeper::accept(RouteTable::Result built) {
  if (!built) return built;
  for (const std::string& warning : (*built)->warnings()) log_.warn(warning);
  if (current_) {
    log_.info("schema changed: " + std::to_string((*built)->routes().size()) + " routes instead of " +
              std::to_string(current_->routes().size()));
  }
  current_ = *built;
  return built;
}

}  // namespace sluice::gateway
