// Accepting, dealing, draining.
#include "gateway/http/listener.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace sluice::gateway {

Listener::Desk::Desk(const Seat& seat, const Services& services, const HttpOptions& options)
    : worker(*seat.worker),
      connections(SessionServices{seat.worker->loop(), *seat.handler, *services.errors, options, &date},
                  Connections::Events{[this] { worker.discount_connection(); }, services.failure}) {}

Listener::Listener(std::vector<Seat> seats, Services services, const HttpOptions& options) : options_(options) {
  assert(!seats.empty() && "a listener needs a worker");
  for (const Seat& seat : seats) desks_.push_back(std::make_unique<Desk>(seat, services, options_));
}

Listener::~Listener() = default;

rpc::Result<rpc::Endpoint> Listener::open(const rpc::Endpoint& endpoint) {
  rpc::Result<std::unique_ptr<rpc::SocketListener>> socket = rpc::SocketListener::open(accepting_loop(), endpoint);
  if (!socket) return rpc::fail(socket.error());
  sockets_.push_back(*std::move(socket));
  return sockets_.back()->endpoint();
}

void Listener::start() {
  parts_ = desks_.size() + sockets_.size();
  accepting_loop().run_soon([this] {
    for (auto& socket : sockets_) {
      rpc::spawn(accept(*socket), rpc::StopToken(), [this](std::exception_ptr) { part_drained(); });
    }
  });
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
  // A refused connection is short, but not over at once; a flood of them must not keep descriptors for itself either.
  if (total >= 2 * options_.max_connections + kMostRefused) ...
  least->worker.count_connection();
  const Session::Mode mode = total < options_.max_connections ? Session::Mode::Serve : Session::Mode::Refuse;
  least->worker.loop().run_soon([least, descriptor, mode] { take(*least, descriptor, mode); });
}

void Listener::take(Desk& desk, int descriptor, Session::Mode mode) {
  rpc::Result<std::unique_ptr<rpc::ByteStream>> stream = rpc::adopt_socket(desk.worker.loop(), descriptor);
  if (!stream) return desk.worker.discount_connection();
  desk.connections.serve(*std::move(stream), mode);
}

void Listener::announce_close() {
  for (auto& desk : desks_) {
    desk->worker.loop().run_soon([connections = &desk->connections] { connections->announce_close(); });
  }
}

void Listener::drain(rpc::Duration timeout, std::function<void()> drained) {
  drained_ = std::move(drained);
  accepting_loop().run_soon([this] {
    for (auto& socket : sockets_) socket->close();
  });
  for (auto& desk : desks_) {
    desk->worker.loop().run_soon([this, timeout, connections = &desk->connections] {
      connections->drain(timeout, [this] { part_drained(); });
    });
  }
}

void Listener::part_drained() {
  if (parts_.fetch_sub(1) == 1) std::exchange(drained_, nullptr)();
}

}  // namespace sluice::gateway
