// Server: serves registered services to gRPC clients, on one loop or on several.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include "rpc_core/base/loop_thread.h"
#include "rpc_core/base/task_group.h"
#include "rpc_core/http2/counters.h"
#include "rpc_core/server/server_options.h"
#include "rpc_core/server/server_worker.h"
#include "rpc_core/transport/tcp.h"

namespace sluice::rpc {

// Its functions are called on the thread of its own loop, the constructor's. It starts no thread unless
// ServerOptions::workers asks for some.
//
//   Server server(loop, {});
//   server.add(greeter);
//   Result<Endpoint> endpoint = server.listen(*parse_endpoint("127.0.0.1:0"));
//   loop.run();
//   …
//   co_await server.shut_down(std::chrono::seconds(5));
//
// A connection lives on one loop, and so do its calls: services of a server with several loops are called by several
// threads at a time, and what they keep on a loop, like a Channel to the next server, they have once for each loop().
class Server {
 public:
  Server(Loop& loop, ServerOptions options);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Before the first listen() or serve(). The service outlives the server.
  void add(Service& service) { state_.registry.add(service); }

  // The loops that serve; the first is the server's own.
  std::size_t workers() const { return workers_.size(); }
  Loop& loop(std::size_t worker) { return workers_[worker]->loop(); }

  // Listens and accepts from now on; gives the address with its real port.
  Result<Endpoint> listen(const Endpoint& endpoint);
  // Serves one connection that exists already, on the server's own loop, which is that of the stream.
  void serve(std::unique_ptr<ByteStream> bytes) { workers_.front()->serve(std::move(bytes)); }

  // No new connections and calls; waits for the running calls, after `grace` or at a stop cancels them, and returns
  // when all has ended. It is awaited before the server is destroyed.
  Task<void> shut_down(Duration grace);

  std::size_t connections() const;
  std::size_t running_calls() const { return state_.running_calls; }
  // Of all connections. These wait for the other loops' current turns.
  std::size_t open_streams() const;
  http2::ConnectionsReport report() const;

 private:
  Task<void> accept(SocketListener& listener);
  void deal(int descriptor);
  void shut_down_others(Duration grace);
  void cancel_others();
  void start_at(ServerWorker& worker, std::function<Task<void>()> start);
  void ask_each(const std::function<void(const ServerWorker&)>& question) const;

  ServerState state_;
  std::vector<std::unique_ptr<LoopThread>> threads_;
  std::vector<std::unique_ptr<ServerWorker>> workers_;  // the first on the server's own loop
  std::vector<std::unique_ptr<SocketListener>> listeners_;
  TaskGroup accepting_;
  std::size_t tasks_of_others_ = 0;  // that shut_down() has started on other loops
  Waiter other_task_ended_;
  bool drained_ = false;
};

}  // namespace sluice::rpc
