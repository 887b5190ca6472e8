// Accepting, dealing, draining.
#include "gateway/http/listener.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cassert>
#include <chrono>
#include <cstdint>
#include <limits>
#include <utility>

namespace sluice::gateway {
namespace {

// A refused connection lasts until its client has closed it, or for some seconds. In a flood of them the rest is just
// closed.
constexpr std::size_t kMostRefused = 1024;

// A client that vanished takes nothing either, which the kernel alone sees as long as there is room for more. Its limit
// is longer than ours, so that who stalls is cut, and counted, by the session.
constexpr rpc::Duration kBeyondOurs = std::chrono::seconds(30);

void limit_stalls(int descriptor, rpc::Duration write_timeout) {
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(write_timeout + kBeyondOurs).count();
  const int limit = static_cast<int>(std::clamp<std::int64_t>(milliseconds, 1, std::numeric_limits<int>::max()));
  ::setsockopt(descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT, &limit, sizeof(limit));
}

}  // namespace

Listener::Desk::Desk(const Seat& seat, const Services& services, const HttpOptions& http)
    : worker(*seat.worker),
      counts(seat.counts),
      options(http),
      errors(services.errors),
      tls(services.tls),
      connections(SessionServices{seat.worker->loop(), *seat.handler, errors, options, tls.get(), &date,
                                  SessionServices::Phase::Serving, seat.counts},
                  Connections::Events{[this] { worker.discount_connection(); }, services.failure, services.refused}) {}

Listener::Listener(std::vector<Seat> seats, Services services, const HttpOptions& options)
    : max_connections_(options.max_connections) {
  assert(!seats.empty() && "a listener needs a worker");
  for (const Seat& seat : seats) desks_.push_back(std::make_unique<Desk>(seat, services, options));
}

Listener::~Listener() = default;

rpc::Result<rpc::Endpoint> Listener::open(const rpc::Endpoint& endpoint) {
  rpc::Result<std::unique_ptr<rpc::SocketListener>> socket = rpc::SocketListener::open(accepting_loop(), endpoint);
  if (!socket) return rpc::fail(socket.error());
  sockets_.push_back(*std::move(socket));
  return sockets_.back()->endpoint();
}

void Listener::start() {
  accepting_ = sockets_.size();
  draining_ = desks_.size();
  accepting_loop().run_soon([this] {
    for (auto& socket : sockets_) {
      rpc::spawn(accept(*socket), rpc::StopToken(), [this](std::exception_ptr) {
        if (--accepting_ == 0) drain_desks();
      });
    }
  });
}

void Listener::use(const HttpOptions& options, std::shared_ptr<const ErrorWriter> errors) {
  accepting_loop().run_soon([this, most = options.max_connections] { max_connections_ = most; });
  for (auto& desk : desks_) {
    desk->worker.loop().run_soon([&desk, options, errors] {
      desk->options = options;
      desk->errors.use(errors);
    });
  }
}

rpc::Task<void> Listener::accept(rpc::SocketListener& socket) {
  while (true) {
    const rpc::Result<int> descriptor = co_await socket.accept();
    if (!descriptor) co_return;
    deal(*descriptor);
  }
}

void Listener::deal(int descriptor) {
  std::size_t total = 0;
  Desk* least = desks_.front().get();
  for (const auto& desk : desks_) {
    total += desk->worker.connections();
    if (desk->worker.connections() < least->worker.connections()) least = desk.get();
  }
  if (total >= max_connections_ + kMostRefused) {
    if (HttpCounts* counts = desks_.front()->counts) counts->hit(Limit::MaxConnections);
    ::close(descriptor);
    return;
  }
  least->worker.count_connection();
  const Session::Mode mode = total < max_connections_ ? Session::Mode::Serve : Session::Mode::Refuse;
  least->worker.loop().run_soon([least, descriptor, mode] { take(*least, descriptor, mode); });
}

void Listener::take(Desk& desk, int descriptor, Session::Mode mode) {
  limit_stalls(descriptor, desk.options.write_timeout);
  rpc::Result<std::unique_ptr<rpc::ByteStream>> stream = rpc::adopt_socket(desk.worker.loop(), descriptor);
  if (!stream) return desk.worker.discount_connection();
  if (desk.counts != nullptr) {
    ++desk.counts->connections;
    if (mode == Session::Mode::Refuse) desk.counts->hit(Limit::MaxConnections);
  }
  desk.connections.serve(*std::move(stream), mode);
}

void Listener::announce_close() {
  for (auto& desk : desks_) {
    desk->worker.loop().run_soon([connections = &desk->connections] { connections->announce_close(); });
  }
}

void Listener::drain(rpc::Duration timeout, std::function<void()> drained) {
  accepting_loop().run_soon([this, timeout, drained = std::move(drained)] {
    drain_timeout_ = timeout;
    drained_ = drained;
    for (auto& socket : sockets_) socket->close();
    if (accepting_ == 0) drain_desks();
  });
}

// On the accepting loop, behind the last connection that it has dealt: so no desk gets one after it was drained.
void Listener::drain_desks() {
  for (auto& desk : desks_) {
    desk->worker.loop().run_soon([this, timeout = drain_timeout_, connections = &desk->connections] {
      connections->drain(timeout, [this] {
        if (draining_.fetch_sub(1) == 1) drained_();
      });
    });
  }
}

}  // namespace sluice::gateway
