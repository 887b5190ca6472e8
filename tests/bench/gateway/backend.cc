// The bench's backend on rpc_core: gives back the bytes that it gets, once or as a stream.
//
//   bench_backend        prints its port
#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <stdexcept>

#include "rpc_core/base/loop.h"
#include "rpc_core/call/unary.h"
#include "rpc_core/server/server.h"

namespace sluice::bench {
namespace {

// What the metadata asks for: "count", how often the request is sent back; "wait", milliseconds before that.
long number_of(const rpc::CallInfo& info, std::string_view name, long otherwise) {
  long number = otherwise;
  for (const auto& [key, value] : info.metadata) {
    if (key == name) std::from_chars(value.data(), value.data() + value.size(), number);
  }
  return number;
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
    const std::chrono::milliseconds wait(number_of(call.info(), "wait", 0));
    if (wait.count() != 0) co_await rpc::sleep_for(call.loop(), wait);
    long left = number_of(call.info(), "count", 1);
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
  rpc::ServerOptions options;
  options.http2.max_concurrent_streams = 100000;
  rpc::Server server(loop, options);
  server.add(shop);
  const auto endpoint = server.listen(rpc::Endpoint(rpc::Endpoint::Kind::Tcp, "127.0.0.1", 0));
  if (!endpoint) throw std::runtime_error(endpoint.error().to_string());
  std::printf("%d\n", endpoint->port);
  std::fflush(stdout);
  loop.run();
}
