// Services of the test with a client, joined in process or over HTTP/2 in memory, on a clock that the test drives.
#pragma once

#include <memory>

#include "rpc_core/call/in_process.h"
#include "rpc_core/client/channel.h"
#include "rpc_core/server/server.h"
#include "rpc_core/transport/memory.h"
#include "tests/support/loop_fixture.h"
#include "tests/support/print_status.h"

namespace sluice::rpc::testing {

enum class Path { InProcess, Http2 };

inline std::string path_name(const ::testing::TestParamInfo<Path>& info) {
  return info.param == Path::InProcess ? "InProcess" : "Http2";
}

class ServicesFixture : public LoopFixture, public ::testing::WithParamInterface<Path> {
 protected:
  void SetUp() override {
    ChannelOptions options;
    options.connector = [this](Loop& on, Endpoint) { return connect(on); };
    channel = *Channel::create(loop, "127.0.0.1:1", std::move(options));
  }
  void TearDown() override {
    run(close());
    LoopFixture::TearDown();
  }

  void add(Service& service) {
    in_process.add(service);
    server.add(service);
  }
  Caller& caller() { return GetParam() == Path::InProcess ? static_cast<Caller&>(in_process) : *channel; }

  Task<Result<std::unique_ptr<ByteStream>>> connect(Loop& on) {
    auto [ours, theirs] = memory_pair(on, MemoryStreamOptions());
    server.serve(std::move(theirs));
    co_return std::move(ours);
  }
  Task<void> close() {
    co_await in_process.close();
    co_await channel->shut_down();
    co_await server.shut_down(Duration::zero());
  }

  InProcessChannel in_process{loop};
  Server server{loop, ServerOptions()};
  std::unique_ptr<Channel> channel;
};

}  // namespace sluice::rpc::testing
