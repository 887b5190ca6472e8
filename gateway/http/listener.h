// Listener: accepts connections and deals them to the workers; drains all of them together.
#pragma once

#include <atomic>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/http/connections.h"
#include "gateway/http/error_writer.h"
#include "gateway/http/handler.h"
#include "gateway/http/http_date.h"
#include "gateway/http/http_options.h"
#include "gateway/worker.h"
#include "rpc_core/base/endpoint.h"
#include "rpc_core/base/result.h"
#include "rpc_core/transport/tcp.h"
#include "rpc_core/transport/tls_context.h"

namespace sluice::gateway {

// One listening socket an address, on the loop of the first worker; each connection goes to the worker that has the
// fewest. Past HttpOptions::max_connections a connection is answered 503 with Retry-After, at once.
//
//   listener.open(endpoints);            // errors name the address
//   listener.start();                    // before or after the workers' start
//   listener.drain(timeout, drained);    // drained() is called on some worker's thread; then the workers may stop
//
// start(), announce_close() and drain() may be called from any thread, each once, in this order. A listener that was
// started is drained before it goes away, and goes away after the workers were joined.
class Listener {
 public:
  // A worker and what answers on it; both outlive the listener.
  struct Seat {
    Worker* worker;
    Handler* handler;
    HttpCounts* counts = nullptr;  // touched on the worker's thread; nullptr: nobody counts
  };
  struct Services {
    std::shared_ptr<const ErrorWriter> errors;                 // shared by all workers
    std::function<void(std::exception_ptr)> failure;           // a handler threw: called on its worker's thread
    std::shared_ptr<const rpc::TlsCredentials> tls = nullptr;  // their context may be replaced; none: plain text
    std::function<void(const std::string&)> refused = {};      // of Connections::Events; on the worker's thread
  };
  Listener(std::vector<Seat> seats, Services services, const HttpOptions& options);
  ~Listener();

  // Binds one address more; gives the bound one, with its real port.
  rpc::Result<rpc::Endpoint> open(const rpc::Endpoint& endpoint);
  void start();
  // Other limits, and another look of errors: for requests from now on, and with the bounds on memory and writing for
  // connections from now on. From one thread at a time, until drain().
  void use(const HttpOptions& options, std::shared_ptr<const ErrorWriter> errors);

  // Goes on accepting, but each answer says "Connection: close".
  void announce_close();
  // Stops accepting, closes idle connections, waits for running requests and cancels those that outlast the timeout.
  void drain(rpc::Duration timeout, std::function<void()> drained);

 private:
  // Of the moment.
  class Errors final : public ErrorWriter {
   public:
    explicit Errors(std::shared_ptr<const ErrorWriter> current) : current_(std::move(current)) {}
    void use(std::shared_ptr<const ErrorWriter> errors) { current_ = std::move(errors); }
    Response write_error(int http_status, std::string_view message, const RequestHead* head) const override {
      return current_->write_error(http_status, message, head);
    }

   private:
    std::shared_ptr<const ErrorWriter> current_;
  };

  // What the connections of one worker need; touched on its thread only.
  struct Desk {
    Desk(const Seat& seat, const Services& services, const HttpOptions& http);
    Worker& worker;
    HttpCounts* counts;
    HttpDate date;
    HttpOptions options;
    Errors errors;
    std::shared_ptr<const rpc::TlsCredentials> tls;
    Connections connections;
  };

  rpc::Task<void> accept(rpc::SocketListener& socket);
  void deal(int descriptor);
  static void take(Desk& desk, int descriptor, Session::Mode mode);
  void drain_desks();
  rpc::Loop& accepting_loop() { return desks_.front()->worker.loop(); }

  std::size_t max_connections_;  // on the accepting loop
  std::vector<std::unique_ptr<Desk>> desks_;
  std::vector<std::unique_ptr<rpc::SocketListener>> sockets_;
  std::size_t accepting_ = 0;              // coroutines; on the accepting loop
  std::atomic<std::size_t> draining_ = 0;  // desks that still have connections
  rpc::Duration drain_timeout_{};
  std::function<void()> drained_;
};

}  // namespace sluice::gateway
