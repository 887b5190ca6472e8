// The floor: reads HTTP requests, forwards the bytes on one connection to floor_backend, and answers with what it
// gives.
//
//   floor_gateway BACKEND_PORT        prints its port
//
// What a gateway cannot do without: one read and one write for each request, and on the backend's connection what a
// turn of the loop has gathered in one write.
#include <cstdlib>

#include "tests/bench/gateway/floor_frame.h"
#include "tests/bench/gateway/floor_front.h"

namespace sluice::bench {
namespace {

class FloorGateway final : public FloorFront {
 public:
  using FloorFront::FloorFront;

 private:
  static constexpr std::size_t kWorthCopying = 16 * 1024;
  static constexpr std::size_t kBackendRoom = 512 * 1024;

  void forward(int client, std::string_view request) override {
    const auto connection = static_cast<std::uint32_t>(client);
    if (request.size() < kWorthCopying) {
      append_frame(backend().out, connection, request);
    } else {
      const auto prefix = frame_prefix(connection, request);
      send_to_backend(std::string_view(prefix.data(), prefix.size()), request);
    }
  }

  void read_answers() override {
    if (!receive(backend(), kBackendRoom)) std::exit(1);
    std::string_view unread = backend().in;
    while (const auto frame = take_frame(unread)) answer(static_cast<int>(frame->connection), {}, frame->bytes);
    backend().in.erase(0, backend().in.size() - unread.size());
  }

  void end_turn() override { flush_backend(); }
};

}  // namespace
}  // namespace sluice::bench

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  sluice::bench::FloorGateway(static_cast<std::uint16_t>(std::atoi(argv[1]))).run();
}
