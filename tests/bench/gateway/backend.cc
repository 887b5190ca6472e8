// The bench's backend on rpc_core: gives back the bytes that it gets, once or as a stream.
//
//   bench_backend        prints its port
#include <array>
#include <charconv>
#include <cstdio>
#include <stdexcept>

#include "rpc_core/base/loop.h"
#include "rpc_core/call/unary.h"
#include "rpc_core/server/server.h"

namespace sluice::bench {
namespace {

// How often Repeat sends the request back: metadata "count", else once.
long count_of(const rpc::CallInfo& info) {
  long count = 1;
  for (const auto& [key, value] : info.metadata) {
    if (key == "count") std::from_chars(value.data(), value.data() + value.size(), count);
  }
  return count;
}

class Shop final : public rpc::Service {
 public:
  std::string_view service_name() const override { return "sluice.bench.Shop"; }
  std::span<const rpc::MethodInfo> methods() const override {
    using enum rpc::CallMode;
    static constexpr std::array<rpc::MethodInfo, 4> kMethods = {
        {{"SendPing", Unary}, {"SendOrder", Unary}, {"SendBatch", Unary}, {"Repeat", ServerStreaming}}};
    return kMethods;
  }

  rpc::Task<void> handle(std::size_t, rpc::ServerCall& call) override {
    rpc::Result<rpc::Buffer> request = co_await rpc::single_request(call);
    if (!request) {
      co_await call.finish(request.error());
      co_return;
    }
    long left = count_of(call.info());
    rpc::WriteOptions options;
    for (bool open = true; open && left > 0; --left) {
      options.last = left == 1;
      rpc::Buffer message =
          left == 1 ? *std::move(request) : rpc::Buffer::copy_of(request->text(), rpc::kMessagePrefixBytes);
      open = co_await call.write(std::move(message), options);
    }
    co_await call.finish(rpc::Status());
  }
};

}  // namespace
}  // namespace sluice::bench

int main() {
  using namespace sluice;
  rpc::Loop loop;
  bench::Shop shop;
  rpc::Server server(loop, rpc::ServerOptions());
  server.add(shop);
  const auto endpoint = server.listen(rpc::Endpoint(rpc::Endpoint::Kind::Tcp, "127.0.0.1", 0));
  if (!endpoint) throw std::runtime_error(endpoint.error().to_string());
  std::printf("%d\n", endpoint->port);
  std::fflush(stdout);
  loop.run();
}
