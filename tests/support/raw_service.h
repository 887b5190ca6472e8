// A service over raw bytes whose methods are functions of the test, and a client and server joined in memory.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "rpc_core/call/service.h"
#include "rpc_core/client/channel.h"
#include "rpc_core/server/server.h"
#include "rpc_core/transport/memory.h"
#include "tests/support/loop_fixture.h"
#include "tests/support/print_status.h"

namespace sluice::rpc::testing {

// "/test.Raw/Call" runs the handler that the test gives.
class RawService final : public Service {
 public:
  using Handler = std::function<Task<void>(ServerCall&)>;

  std::string_view service_name() const override { return "test.Raw"; }
  std::span<const MethodInfo> methods() const override {
    static constexpr MethodInfo kMethods[] = {{"Call", CallMode::BidiStreaming}};
    return kMethods;
  }
  Task<void> handle(std::size_t, ServerCall& call) override {
    ++started;
    co_await handler(call);
    ++returned;
  }

  Handler handler;
  int started = 0;
  int returned = 0;
};

inline constexpr std::string_view kRawPath = "/test.Raw/Call";

inline Buffer message(std::string_view text) { return Buffer::copy_of(text, kMessagePrefixBytes); }

// Sends every message back, then OK.
inline Task<void> echo(ServerCall& call) {
  while (std::optional<Buffer> request = co_await call.read()) {
    if (bool sent = co_await call.write(std::move(*request)); !sent) co_return;
  }
  co_await call.finish(Status());
}

// A channel whose connections are memory streams to a server on the same loop, on a clock that the test drives.
class RawCallFixture : public LoopFixture {
 protected:
  RawCallFixture() { service.handler = echo; }

  void start(MemoryStreamOptions stream = {}, ChannelOptions channel_options = {}, ServerOptions server_options = {}) {
    server = std::make_unique<Server>(loop, std::move(server_options));
    server->add(service);
    channel_options.connector = [this, stream](Loop& on, Endpoint) { return connect(on, stream); };
    channel = *Channel::create(loop, "127.0.0.1:1", std::move(channel_options));
  }

  Task<Result<std::unique_ptr<ByteStream>>> connect(Loop& on, MemoryStreamOptions stream) {
    ++connects;
    if (refuse_connections) co_return fail(StatusCode::Unavailable, "nobody listens");
    auto [ours, theirs] = memory_pair(on, stream);
    if (fail_servers_end) std::swap(ours, theirs);
    server->serve(std::move(theirs));
    co_return std::move(ours);
  }

  void TearDown() override {
    if (channel) run(stop_all());
    LoopFixture::TearDown();
  }

  Task<void> stop_all() {
    co_await channel->shut_down();
    co_await server->shut_down(Duration::zero());
  }

  // One handler of the loop.
  void step() {
    loop.context().restart();
    loop.context().poll_one();
  }

  // Writes all and half-closes while it reads all, then finishes.
  struct Outcome {
    std::vector<std::string> messages;
    Status status;
    Metadata headers;
    Metadata trailers;
  };
  Task<Outcome> exchange(std::vector<std::string> requests, CallOptions options = {}) {
    Outcome outcome;
    const std::unique_ptr<Call> call = channel->start(kRawPath, options);
    const auto both = [&](TaskGroup& group) -> Task<void> {
      group.spawn(write_all(*call, requests));
      if (const Metadata* headers = co_await call->headers()) outcome.headers = *headers;
      while (std::optional<Buffer> reply = co_await call->read()) outcome.messages.emplace_back(reply->text());
    };
    co_await run_in_group(loop, both);
    outcome.status = co_await call->finish();
    outcome.trailers = call->trailers();
    co_return outcome;
  }

  static Task<void> write_all(Call& call, const std::vector<std::string>& messages) {
    for (const std::string& each : messages) co_await call.write(message(each));
    co_await call.finish_writing();
  }

  RawService service;
  std::unique_ptr<Server> server;
  std::unique_ptr<Channel> channel;
  int connects = 0;
  bool refuse_connections = false;
  bool fail_servers_end = false;  // MemoryStreamOptions::fail_at counts the server's operations
};

}  // namespace sluice::rpc::testing
