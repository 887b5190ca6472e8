// System calls, and of HTTP/1.1 as much as finds the end of a request.
#include "tests/bench/gateway/floor_socket.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

namespace sluice::bench {
namespace {

constexpr std::string_view kEndOfHead = "\r\n\r\n";
constexpr std::string_view kLength = "\r\nContent-Length: ";

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

void watch(int epoll, int operation, int fd, std::uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.fd = fd;
  epoll_ctl(epoll, operation, fd, &event);
}

}  // namespace

bool receive(FloorSocket& socket, std::size_t room) {
  const std::size_t before = socket.in.size();
  ssize_t count = 0;
  socket.in.resize_and_overwrite(before + room, [&](char* data, std::size_t) {
    count = recv(socket.fd, data + before, room, 0);
    return before + (count > 0 ? static_cast<std::size_t>(count) : 0);
  });
  return count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR));
}

void flush(int epoll, FloorSocket& socket) {
  if (socket.out.empty()) return;
  const ssize_t count = send(socket.fd, socket.out.data(), socket.out.size(), MSG_NOSIGNAL);
  if (count > 0) socket.out.erase(0, static_cast<std::size_t>(count));
  const bool waits = !socket.out.empty();
  if (waits != socket.waits_to_send) watch(epoll, EPOLL_CTL_MOD, socket.fd, waits ? EPOLLIN | EPOLLOUT : EPOLLIN);
  socket.waits_to_send = waits;
}

void send_more(int epoll, FloorSocket& socket, std::string_view prefix, std::string_view bytes) {
  std::size_t sent = 0;
  if (socket.out.empty()) {
    iovec pieces[2] = {{const_cast<char*>(prefix.data()), prefix.size()},
                       {const_cast<char*>(bytes.data()), bytes.size()}};
    msghdr message{};
    message.msg_iov = prefix.empty() ? pieces + 1 : pieces;
    message.msg_iovlen = prefix.empty() ? 1 : 2;
    const ssize_t count = sendmsg(socket.fd, &message, MSG_NOSIGNAL);
    if (count > 0) sent = static_cast<std::size_t>(count);
    if (sent == prefix.size() + bytes.size()) return;
  }
  socket.out.append(prefix.substr(std::min(sent, prefix.size())));
  socket.out.append(bytes.substr(sent - std::min(sent, prefix.size())));
  flush(epoll, socket);
}

int listen_and_tell() {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  if (bind(fd, reinterpret_cast<sockaddr*>(&address), size) != 0 || listen(fd, SOMAXCONN) != 0) {
    throw std::runtime_error("cannot listen on 127.0.0.1");
  }
  getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  std::printf("%d\n", ntohs(address.sin_port));
  std::fflush(stdout);
  return fd;
}

int connect_to(std::uint16_t port) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  const sockaddr_in address = loopback(port);
  if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw std::runtime_error("cannot connect to port " + std::to_string(port));
  }
  return fd;
}

void add_to(int epoll, int fd) {
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
  watch(epoll, EPOLL_CTL_ADD, fd, EPOLLIN);
}

std::size_t request_size(std::string_view bytes) {
  const std::size_t end = bytes.find(kEndOfHead);
  if (end == std::string_view::npos) return 0;
  const std::size_t field = bytes.substr(0, end).find(kLength);
  const std::size_t body =
      field == std::string_view::npos ? 0 : std::strtoul(bytes.data() + field + kLength.size(), nullptr, 10);
  const std::size_t size = end + kEndOfHead.size() + body;
  return bytes.size() < size ? 0 : size;
}

}  // namespace sluice::bench
