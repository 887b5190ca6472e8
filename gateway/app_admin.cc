// The admin's worker, and counters from other threads.
#include "gateway/app_admin.h"

#include <utility>

namespace sluice::gateway {
namespace {

constexpr rpc::Duration kLongestStop = std::chrono::seconds(1);

Listener::Services services_of(std::shared_ptr<const ErrorWriter> errors, Log& log) {
  Listener::Services services;
  services.errors = std::move(errors);
  services.failure = [&log](const std::exception_ptr&) { log.error("a request to the admin listener failed"); };
  return services;
}

}  // namespace

Admin::Admin(AdminSources sources, std::shared_ptr<const ErrorWriter> errors, Log& log)
    : log_(log),
      worker_(0),
      handler_(std::move(sources)),
      listener_({{&worker_, &handler_}}, services_of(std::move(errors), log), HttpOptions()) {}

Admin::~Admin() { join(); }

rpc::Result<void> Admin::start(const std::vector<rpc::Endpoint>& endpoints) {
  std::vector<rpc::Endpoint> bound;
  for (const rpc::Endpoint& endpoint : endpoints) {
    rpc::Result<rpc::Endpoint> opened = listener_.open(endpoint);
    if (!opened) return rpc::fail(opened.error());
    bound.push_back(*std::move(opened));
  }
  listener_.start();
  worker_.start();
  started_ = true;
  for (const rpc::Endpoint& endpoint : bound) log_.info("admin on http://" + endpoint.to_string());
  return {};
}

void Admin::stop(std::function<void()> done) {
  if (started_) {
    listener_.drain(kLongestStop, std::move(done));
  } else {
    done();
  }
}

void Admin::join() {
  if (!started_) return;
  started_ = false;
  worker_.stop();
  worker_.join();
}

}  // namespace sluice::gateway
