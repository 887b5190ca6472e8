// The floor: reads HTTP requests, forwards the bytes on one connection to floor_backend, and answers with what it
// gives.
//
//   floor_gateway BACKEND_PORT        prints its port
//
// What a gateway cannot do without: one read and one write for each request, and on the backend's connection what a
// turn of the loop has gathered in one write. It looks for the end of a request, and at nothing else.
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <memory>
#include <unordered_map>

#include "tests/bench/gateway/floor_frame.h"
#include "tests/bench/gateway/floor_socket.h"

namespace sluice::bench {
namespace {

class FloorGateway {
 public:
  explicit FloorGateway(std::uint16_t backend_port) : epoll_(epoll_create1(0)), listener_(listen_and_tell()) {
    backend_.fd = connect_to(backend_port);
    add_to(epoll_, backend_.fd);
    add_to(epoll_, listener_);
  }

  void run() {
    std::array<epoll_event, 256> events;
    while (true) {
      const int count = epoll_wait(epoll_, events.data(), events.size(), -1);
      for (int i = 0; i < count; ++i) handle(events[static_cast<std::size_t>(i)]);
      flush(epoll_, backend_);
    }
  }

 private:
  static constexpr std::size_t kClientRoom = 128 * 1024;
  static constexpr std::size_t kWorthCopying = 16 * 1024;
  static constexpr std::size_t kBackendRoom = 512 * 1024;

  void handle(const epoll_event& event) {
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

  void accept_one() {
    const int fd = accept(listener_, nullptr, nullptr);
    if (fd < 0) return;
    add_to(epoll_, fd);
    clients_[fd] = std::make_unique<FloorSocket>();
    clients_[fd]->fd = fd;
  }

  void read_requests(FloorSocket& client) {
    if (!receive(client, kClientRoom)) {
      close(client.fd);
      clients_.erase(client.fd);
      return;
    }
    std::string_view unread = client.in;
    while (const std::size_t size = request_size(unread)) {
      forward(static_cast<std::uint32_t>(client.fd), unread.substr(0, size));
      unread.remove_prefix(size);
    }
    client.in.erase(0, client.in.size() - unread.size());
  }

  void forward(std::uint32_t connection, std::string_view request) {
    if (request.size() < kWorthCopying) {
      append_frame(backend_.out, connection, request);
    } else {
      const auto prefix = frame_prefix(connection, request);
      send_more(epoll_, backend_, std::string_view(prefix.data(), prefix.size()), request);
    }
  }

  void read_answers() {
    if (!receive(backend_, kBackendRoom)) std::exit(1);
    std::string_view unread = backend_.in;
    while (const auto frame = take_frame(unread)) {
      const auto found = clients_.find(static_cast<int>(frame->connection));
      if (found == clients_.end()) continue;
      send_more(epoll_, *found->second, {}, frame->bytes);
    }
    backend_.in.erase(0, backend_.in.size() - unread.size());
  }

  const int epoll_;
  const int listener_;
  FloorSocket backend_;
  std::unordered_map<int, std::unique_ptr<FloorSocket>> clients_;
};

}  // namespace
}  // namespace sluice::bench

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  sluice::bench::FloorGateway(static_cast<std::uint16_t>(std::atoi(argv[1]))).run();
}
