#include "examples/serving/serve.h"

#include <pthread.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdint>
#include <expected>
#include <iostream>
#include <memory>
#include <string>

#include "rpc_core/base/endpoint.h"
#include "rpc_core/base/loop_thread.h"
#include "rpc_core/server/server.h"

namespace examples {

namespace rpc = sluice::rpc;

namespace {

constexpr int kUsageError = 2;
// How long running calls may take once the end has been asked for.
constexpr rpc::Duration kGrace = std::chrono::seconds(5);

// The signals that end the program. Blocked before there is a second thread, so that wait() is who gets them.
class EndSignals {
 public:
  EndSignals() {
    sigemptyset(&set_);
    sigaddset(&set_, SIGINT);
    sigaddset(&set_, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &set_, nullptr);
  }
  void wait() {
    int which = 0;
    sigwait(&set_, &which);
  }

 private:
  sigset_t set_;
};

// The address to listen on, or the exit code.
std::expected<std::string, int> address_of(int argc, char** argv, const char* name) {
  CLI::App app(std::string("Serves the example ") + name + " over gRPC.");
  std::string listen = "127.0.0.1:50051";
  std::uint16_t port = 0;
  auto* listen_option = app.add_option("--listen", listen, "host:port or unix:/path")->capture_default_str();
  auto* port_option = app.add_option("--port", port, "a port of 127.0.0.1; 0: any free one")->excludes(listen_option);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return std::unexpected(app.exit(error) == 0 ? 0 : kUsageError);
  }
  if (port_option->count() != 0) listen = "127.0.0.1:" + std::to_string(port);
  return listen;
}

}  // namespace

int serve(int argc, char** argv, const char* name, const std::vector<rpc::Service*>& services) {
  const std::expected<std::string, int> address = address_of(argc, argv, name);
  if (!address) return address.error();
  const rpc::Result<rpc::Endpoint> endpoint = rpc::parse_endpoint(*address);
  if (!endpoint) {
    std::cerr << name << ": --listen: " << endpoint.error().message() << std::endl;
    return kUsageError;
  }
  EndSignals signals;
  rpc::LoopThread thread;
  auto server = thread.call([&] { return std::make_unique<rpc::Server>(thread.loop(), rpc::ServerOptions()); });
  const rpc::Result<rpc::Endpoint> bound = thread.call([&] {
    for (rpc::Service* service : services) server->add(*service);
    return server->listen(*endpoint);
  });
  if (bound) {
    std::cerr << name << " listening on " << bound->to_string() << std::endl;
    signals.wait();
  } else {
    std::cerr << name << ": " << bound.error().message() << std::endl;
  }
  thread.run(server->shut_down(kGrace));
  thread.call([&] { server.reset(); });
  return bound ? 0 : 1;
}

}  // namespace examples
