// A server of several loops on real threads and sockets, and clients on the test's own loop.
#pragma once

#include <atomic>
#include <chrono>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "rpc_core/client/channel.h"
#include "rpc_core/server/server.h"
#include "tests/support/loop_fixture.h"
#include "tests/support/print_status.h"
#include "tests/support/raw_service.h"

namespace sluice::rpc::testing {

// As RawService, for handlers that run on several threads.
class ThreadedService final : public Service {
 public:
  std::string_view service_name() const override { return "test.Raw"; }
  std::span<const MethodInfo> methods() const override {
    static constexpr MethodInfo kMethods[] = {{"Call", CallMode::BidiStreaming}};
    return kMethods;
  }
  Task<void> handle(std::size_t, ServerCall& call) override {
    note_thread();
    ++started;
    co_await handler(call);
    ++returned;
  }
  // Calls by the thread that served them.
  std::map<std::thread::id, int> calls_by_thread() {
    const std::lock_guard lock(mutex_);
    return calls_;
  }

  RawService::Handler handler = echo;
  std::atomic<int> started = 0;
  std::atomic<int> returned = 0;

 private:
  void note_thread() {
    const std::lock_guard lock(mutex_);
    ++calls_[std::this_thread::get_id()];
  }

  std::mutex mutex_;
  std::map<std::thread::id, int> calls_;
};

class WorkersFixture : public RealLoopFixture {
 protected:
  void start(ServerOptions options, const std::string& address = "127.0.0.1:0") {
    server = std::make_unique<Server>(loop, std::move(options));
    server->add(service);
    const Result<Endpoint> endpoint = server->listen(*parse_endpoint(address));
    ASSERT_TRUE(endpoint) << endpoint.error().to_string();
    target = endpoint->to_string();
  }

  Channel& connect(ChannelOptions options = {}) {
    channels.push_back(*Channel::create(loop, target, std::move(options)));
    return *channels.back();
  }

  // One message each way.
  Task<Status> exchange(Channel& channel) {
    const std::unique_ptr<Call> call = channel.start(kRawPath, {.timeout = std::chrono::seconds(60)});
    co_await call->write(message("x"), {.last = true});
    while (co_await call->read()) continue;
    co_return co_await call->finish();
  }

  // A call on a connection of its own, which the server has begun to serve.
  std::unique_ptr<Call> begin_call() {
    std::unique_ptr<Call> call = connect().start(kRawPath, {.timeout = std::chrono::seconds(60)});
    EXPECT_TRUE(run(call->write(message("x"))));
    EXPECT_TRUE(run(call->read()));
    return call;
  }
  Task<Status> end_call(Call& call) {
    co_await call.finish_writing();
    while (const auto reply = co_await call.read()) continue;
    co_return co_await call.finish();
  }

  void TearDown() override {
    for (const auto& each : channels) run(each->shut_down());
    if (server) run(server->shut_down(Duration::zero()));
    channels.clear();
    server.reset();
    RealLoopFixture::TearDown();
  }

  Task<void> wait_for_connections(std::size_t count) {
    while (server->connections() != count) co_await sleep_for(loop, std::chrono::milliseconds(1));
  }

  static ServerOptions with_workers(std::size_t count) {
    ServerOptions options;
    options.workers = count;
    return options;
  }

  ThreadedService service;
  std::unique_ptr<Server> server;
  std::vector<std::unique_ptr<Channel>> channels;
  std::string target;
};

}  // namespace sluice::rpc::testing
