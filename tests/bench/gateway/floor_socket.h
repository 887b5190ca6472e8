// Nonblocking sockets with what they have not sent yet: all that the floor's programs need.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sluice::bench {

// A socket, what it received and nobody has taken, and what it is still to send. The owner closes it.
struct FloorSocket {
  int fd = -1;
  std::string in;
  std::string out;
  bool waits_to_send = false;
};

// Reads once, up to `room` bytes, to the end of `in`. False: the other side is gone.
bool receive(FloorSocket& socket, std::size_t room);

// Sends what it can of `out`; the epoll instance tells when there is room for the rest.
void flush(int epoll, FloorSocket& socket);

// The same, with these bytes behind those of `out`: what is large leaves without being copied.
void send_more(int epoll, FloorSocket& socket, std::string_view prefix, std::string_view bytes);

// Listens on a free port of 127.0.0.1, which is printed.
int listen_and_tell();
int connect_to(std::uint16_t port);
// Sets it up for an exchange of small messages, and watches it.
void add_to(int epoll, int fd);

// The bytes of the HTTP request at the beginning of `bytes`; 0: it is not all there.
std::size_t request_size(std::string_view bytes);

}  // namespace sluice::bench
