#include "tests/bench/gateway/floor_front.h"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

namespace sluice::bench {
namespace {

constexpr std::size_t kClientRoom = 128 * 1024;

}  // namespace

FloorFront::FloorFront(std::uint16_t backend_port) : epoll_(epoll_create1(0)), listener_(listen_and_tell()) {
  backend_.fd = connect_to(backend_port);
  add_to(epoll_, backend_.fd);
  add_to(epoll_, listener_);
}

void FloorFront::run() {
  std::array<epoll_event, 256> events;
  while (true) {
    const int count = epoll_wait(epoll_, events.data(), events.size(), -1);
    for (int i = 0; i < count; ++i) handle(events[static_cast<std::size_t>(i)]);
    end_turn();
  }
}

void FloorFront::handle(const epoll_event& event) {
  const int fd = event.data.fd;
  if (fd == listener_) {
    accept_one();
  } else if (fd == backend_.fd) {
    if ((event.events & EPOLLIN) != 0) read_answers();
  } else {
    FloorSocket& client = *clients_.at(fd);
    if ((event.events & EPOLLOUT) != 0) flush(epoll_, client);
    if ((event.events & EPOLLIN) != 0) read_requests(client);
  }
}

void FloorFront::accept_one() {
  const int fd = accept(listener_, nullptr, nullptr);
  if (fd < 0) return;
  add_to(epoll_, fd);
  clients_[fd] = std::make_unique<FloorSocket>();
  clients_[fd]->fd = fd;
}

void FloorFront::read_requests(FloorSocket& client) {
  if (!receive(client, kClientRoom)) {
    close(client.fd);
    clients_.erase(client.fd);
    return;
  }
  std::string_view unread = client.in;
  while (const std::size_t size = request_size(unread)) {
    forward(client.fd, unread.substr(0, size));
    unread.remove_prefix(size);
  }
  client.in.erase(0, client.in.size() - unread.size());
}

void FloorFront::answer(int client, std::string_view head, std::string_view body) {
  const auto found = clients_.find(client);
  if (found != clients_.end()) send_more(epoll_, *found->second, head, body);
}

}  // namespace sluice::bench
