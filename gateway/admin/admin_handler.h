// AdminHandler: what operators and their tools ask a running gateway: is it alive and ready, what has it counted, which
// routes and settings does it have. Served on a listener of its own, never beside the API.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "gateway/http/handler.h"
#include "rpc_core/base/result.h"

namespace sluice::gateway {

struct Readiness {
  struct Backend {
    std::string name;
    std::string state;  // of its connections, as gRPC names them: "READY", "CONNECTING", …
  };
  bool ready = false;
  std::string reason;  // why not; empty when ready
  std::vector<Backend> backends;
  std::string refused_reload;  // why the last configuration was refused; empty: it was not
};

// Where the answers come from; called on the thread of the handler, and may block it for a moment.
struct AdminSources {
  std::function<Readiness()> readiness;
  std::function<std::string()> metrics;      // Prometheus' text format
  std::function<std::string()> routes;       // a line each
  std::function<std::string()> config;       // YAML, secrets hidden
  std::function<std::string()> connections;  // JSON
  std::function<std::string()> log_level;
  std::function<rpc::Result<void>(const std::string&)> set_log_level;
};

// GET  /livez /readyz /metrics /routes           for everybody who reaches the listener
// GET  /config /debug/connections /debug/log-level, PUT /debug/log-level (the level is the body)
//                                                 for loopback and unix-socket peers; 403 for others
class AdminHandler final : public Handler {
 public:
  explicit AdminHandler(AdminSources sources) : sources_(std::move(sources)) {}
  rpc::Task<void> handle(Request& request, Responder& responder) override;

 private:
  rpc::Task<Response> set_log_level(Request& request);

  const AdminSources sources_;
};

// Whether a peer is on this machine: 127.0.0.0/8, ::1, a unix socket.
bool is_loopback(const rpc::Endpoint& peer);

}  // namespace sluice::gateway
