#include "rpc_core/services/health.h"

#include <functional>

namespace sluice::rpc {
namespace {

HealthService::Response::ServingStatus wire_status(std::optional<ServingStatus> status) {
  using Wire = HealthService::Response;
  if (!status) return Wire::SERVICE_UNKNOWN;
  switch (*status) {
    case ServingStatus::Serving:
      return Wire::SERVING;
    case ServingStatus::NotServing:
      return Wire::NOT_SERVING;
    case ServingStatus::Unknown:
      break;
  }
  return Wire::UNKNOWN;
}

}  // namespace

// One running call of Watch: in the service's list for as long as it lives. Only its own loop holds the Waiter, but for
// the moment in which a notification runs there.
class HealthService::Watcher {
 public:
  Watcher(HealthService& health, Loop& loop) : changed(std::make_shared<Waiter>(loop)), health_(health) {
    const std::lock_guard lock(health_.mutex_);
    place_ = health_.watchers_.insert(health_.watchers_.end(), {&loop, changed});
  }
  ~Watcher() {
    const std::lock_guard lock(health_.mutex_);
    health_.watchers_.erase(place_);
  }
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;

  const std::shared_ptr<Waiter> changed;

 private:
  HealthService& health_;
  std::list<Watch>::iterator place_;
};

void HealthService::set(std::string_view service, ServingStatus status) {
  const std::lock_guard lock(mutex_);
  if (shut_down_) return;
  services_.insert_or_assign(std::string(service), status);
  notify_watchers();
}

void HealthService::shut_down() {
  const std::lock_guard lock(mutex_);
  shut_down_ = true;
  for (auto& [service, status] : services_) status = ServingStatus::NotServing;
  notify_watchers();
}

std::optional<ServingStatus> HealthService::find(std::string_view service) const {
  const std::lock_guard lock(mutex_);
  const auto found = services_.find(service);
  if (found == services_.end()) return std::nullopt;
  return found->second;
}

std::size_t HealthService::watchers() const {
  const std::lock_guard lock(mutex_);
  return watchers_.size();
}

Task<Result<HealthService::Response>> HealthService::check(ServerContext&, const Request& request) {
  const std::optional<ServingStatus> status = find(request.service());
  if (!status) {
    co_return fail(StatusCode::NotFound, "expected a service of this server, got \"" + request.service() + "\"");
  }
  Response response;
  response.set_status(wire_status(status));
  co_return response;
}

Task<Status> HealthService::watch(ServerContext& context, const Request& request, Writer<Response>& writer) {
  Watcher watcher(*this, context.loop());
  std::optional<Response::ServingStatus> sent;
  Response response;
  for (bool open = true; open;) {
    const Response::ServingStatus status = wire_status(find(request.service()));
    if (status == sent) {
      open = co_await watcher.changed->wait();
      continue;
    }
    sent = status;
    response.set_status(status);
    open = co_await writer.write(response);
  }
  co_return Status(StatusCode::Cancelled, "the watch of \"" + request.service() + "\" was ended");
}

void HealthService::notify_watchers() {
  for (const Watch& watch : watchers_) {
    watch.loop->run_soon([changed = watch.changed] {
      if (const std::shared_ptr<Waiter> waiter = changed.lock()) waiter->notify();
    });
  }
}

}  // namespace sluice::rpc
