// What the floors have in common: clients in front, one connection to a backend, one loop.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <unordered_map>

#include "tests/bench/gateway/floor_socket.h"

struct epoll_event;

namespace sluice::bench {

// Reads requests from clients, looking for the end of each and at nothing else. What becomes of them, and of what the
// backend sends, is said by whoever derives from it.
class FloorFront {
 public:
  // Listens on a free port, which is printed.
  explicit FloorFront(std::uint16_t backend_port);
  virtual ~FloorFront() = default;
  FloorFront(const FloorFront&) = delete;
  FloorFront& operator=(const FloorFront&) = delete;

  void run();

 protected:
  virtual void forward(int client, std::string_view request) = 0;
  // The backend has sent something.
  virtual void read_answers() = 0;
  // What a turn of the loop has gathered may leave.
  virtual void end_turn() = 0;

  FloorSocket& backend() { return backend_; }
  // Behind what the client is still to get; nothing, when it is gone.
  void answer(int client, std::string_view head, std::string_view body);
  // What is in `out`, and these bytes behind it without copying them.
  void send_to_backend(std::string_view prefix, std::string_view bytes) { send_more(epoll_, backend_, prefix, bytes); }
  void flush_backend() { flush(epoll_, backend_); }

 private:
  void handle(const epoll_event& event);
  void accept_one();
  void read_requests(FloorSocket& client);

  const int epoll_;
  const int listener_;
  FloorSocket backend_;
  std::unordered_map<int, std::unique_ptr<FloorSocket>> clients_;
};

}  // namespace sluice::bench
