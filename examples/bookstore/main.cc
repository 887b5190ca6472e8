// bookstore: serves bookstore.v1.Bookstore over gRPC until SIGINT or SIGTERM.
#include <pthread.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdint>
#include <iostream>
#include <memory>
#include <string>

#include "examples/bookstore/seed.h"
#include "examples/bookstore/service.h"
#include "examples/bookstore/store.h"
#include "rpc_core/base/endpoint.h"
#include "rpc_core/base/loop_thread.h"
#include "rpc_core/server/server.h"

namespace {

namespace rpc = sluice::rpc;

constexpr int kUsageError = 2;

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

// What lives on the loop's thread.
struct Shop {
  explicit Shop(rpc::Loop& loop) : server(loop, rpc::ServerOptions()) {
    bookstore::add_seed(store);
    server.add(handlers);
  }

  bookstore::Store store;
  bookstore::BookstoreHandlers handlers{store};
  rpc::Server server;
};

int serve(const rpc::Endpoint& endpoint) {
  EndSignals signals;
  rpc::LoopThread thread;
  auto shop = thread.call([&] { return std::make_unique<Shop>(thread.loop()); });
  const rpc::Result<rpc::Endpoint> bound = thread.call([&] { return shop->server.listen(endpoint); });
  if (bound) {
    std::cerr << "bookstore listening on " << bound->to_string() << std::endl;
    signals.wait();
  } else {
    std::cerr << "bookstore: " << bound.error().message() << std::endl;
  }
  thread.run(shop->server.shut_down(std::chrono::seconds(5)));
  thread.call([&] { shop.reset(); });
  return bound ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Serves bookstore.v1.Bookstore over gRPC.");
  std::string listen = "127.0.0.1:50051";
  std::uint16_t port = 0;
  auto* listen_option = app.add_option("--listen", listen, "host:port or unix:/path")->capture_default_str();
  auto* port_option = app.add_option("--port", port, "a port of 127.0.0.1; 0: any free one")->excludes(listen_option);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kUsageError;
  }
  if (port_option->count() != 0) listen = "127.0.0.1:" + std::to_string(port);
  const rpc::Result<rpc::Endpoint> endpoint = rpc::parse_endpoint(listen);
  if (!endpoint) {
    std::cerr << "bookstore: --listen: " << endpoint.error().message() << std::endl;
    return kUsageError;
  }
  return serve(*endpoint);
}
