// HealthService: tells clients and load balancers which services of a server are ready for calls.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "grpc/health/v1/health.sluice.h"
#include "rpc_core/base/waiter.h"
#include "rpc_core/call/typed.h"

namespace sluice::rpc {

enum class ServingStatus : std::uint8_t { Unknown, Serving, NotServing };

// grpc.health.v1.Health: https://github.com/grpc/grpc/blob/master/doc/health-checking.md
//
//   HealthService health;                                        // the empty name, the server itself, is Serving
//   health.set("library.v1.Books", ServingStatus::Serving);
//   server.add(health);
//   …
//   health.shut_down();                                          // then server.shut_down(): clients go elsewhere first
//
// It serves any number of loops, and everything may be called from any thread. It outlives its calls.
class HealthService final : public ::grpc::health::v1::HealthService {
 public:
  using Request = ::grpc::health::v1::HealthCheckRequest;
  using Response = ::grpc::health::v1::HealthCheckResponse;

  // A name that is new becomes known. Those who watch it hear of the change at their loop's next turn.
  void set(std::string_view service, ServingStatus status);
  // All services become NotServing for good: a later set() changes nothing.
  void shut_down();
  // Nothing: the service is not known.
  std::optional<ServingStatus> find(std::string_view service) const;
  // Calls of Watch that run.
  std::size_t watchers() const;

  // NOT_FOUND for a service that is not known.
  Task<Result<Response>> check(ServerContext& context, const Request& request) override;
  // Runs until the client ends the call. A client that reads slowly misses what a later change has overtaken.
  Task<Status> watch(ServerContext& context, const Request& request, Writer<Response>& writer) override;

 private:
  class Watcher;
  // A running call's Waiter, which is touched on its loop only.
  struct Watch {
    Loop* loop;
    std::weak_ptr<Waiter> changed;
  };

  void notify_watchers();

  mutable std::mutex mutex_;
  std::map<std::string, ServingStatus, std::less<>> services_ = {{"", ServingStatus::Serving}};
  std::list<Watch> watchers_;
  bool shut_down_ = false;
};

}  // namespace sluice::rpc
