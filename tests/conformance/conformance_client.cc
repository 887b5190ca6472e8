// conformance_client: the client under test of connectrpc's conformance runner.
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdio>
#include <exception>
#include <semaphore>
#include <stdexcept>
#include <thread>
#include <utility>

#include "rpc_core/base/task_group.h"
#include "tests/conformance/compat_pipe.h"
#include "tests/conformance/scenario.h"

namespace sluice::rpc::conformance {
namespace {

// More at a time would spend their deadlines on each other's TLS handshakes.
constexpr int kMostScenarios = 8;

// Scenarios run beside each other on one loop; another thread waits for the next one.
class Client {
 public:
  int run() {
    std::thread reader([this] { read_requests(); });
    loop_.run();
    reader.join();
    loop_.run(scenarios_.join());
    return failed_ ? 1 : 0;
  }

 private:
  void read_requests() {
    try {
      v1::ClientCompatRequest request;
      while (read_message(request)) {
        room_.acquire();
        loop_.run_soon([this, request] { scenarios_.spawn(answer(request)); });
      }
    } catch (const std::exception& failure) {
      std::fprintf(stderr, "conformance_client: %s\n", failure.what());
      failed_ = true;
    }
    loop_.run_soon([this] { loop_.stop(); });
  }

  Task<void> answer(v1::ClientCompatRequest request) {
    const v1::ClientCompatResponse response = co_await run_scenario(loop_, std::move(request));
    write_message(response);
    room_.release();
  }

  Loop loop_;
  TaskGroup scenarios_{loop_};
  std::counting_semaphore<kMostScenarios> room_{kMostScenarios};
  bool failed_ = false;
};

}  // namespace
}  // namespace sluice::rpc::conformance

int main() {
  try {
    sluice::rpc::conformance::Client client;
    return client.run();
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "conformance_client: %s\n", failure.what());
    return 1;
  }
}
