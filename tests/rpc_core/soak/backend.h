// Backend: the soak test's server, on two threads of its own, which can be restarted while calls run.
#pragma once

#include <cstdint>
#include <memory>

#include "rpc_core/base/loop_thread.h"
#include "rpc_core/server/server.h"
#include "tests/rpc_core/soak/service.h"

namespace sluice::soak {

struct BackendFacts {
  std::uint64_t started = 0;
  std::uint64_t returned = 0;
  std::uint64_t restarts = 0;
  std::size_t open_streams = 0;
  std::size_t running_calls = 0;
  bool restarting = false;
};

// Used by one thread.
class Backend {
 public:
  explicit Backend(std::shared_ptr<const rpc::TlsCredentials> tls);
  // After shut_down().
  ~Backend();

  const rpc::Endpoint& endpoint() const { return endpoint_; }
  // Drains the server and starts another on the same port, by and by; nothing while that goes on.
  void restart();
  BackendFacts facts();
  // Waits for the end of everything. False: a timer or a task is left on the loop.
  bool shut_down();

 private:
  struct Side;
  rpc::ServerOptions options() const;
  rpc::Endpoint start();
  rpc::Task<void> replace_server();
  rpc::Task<void> end_all();

  const std::shared_ptr<const rpc::TlsCredentials> tls_;
  rpc::LoopThread thread_;
  rpc::Endpoint endpoint_;
  std::size_t idle_frames_ = 0;  // of the loop's thread, inside LoopThread::call()
  std::unique_ptr<Side> side_;   // all that belongs to the loop
};

}  // namespace sluice::soak
