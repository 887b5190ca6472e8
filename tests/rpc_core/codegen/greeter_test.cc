// The example of rpc_core/call/typed.h, compiled and run.
#include <gmock/gmock.h>

#include "greeter.sluice.h"
#include "rpc_core/call/in_process.h"
#include "tests/support/loop_fixture.h"

namespace {

using namespace std::chrono_literals;
using helloworld::HelloReply;
using helloworld::HelloRequest;
using ::testing::ElementsAre;
namespace rpc = sluice::rpc;

class Greeter final : public helloworld::GreeterService {
 public:
  rpc::Task<rpc::Result<HelloReply>> say_hello(rpc::ServerContext&, const HelloRequest& request) override {
    if (request.name().empty()) co_return rpc::fail(rpc::StatusCode::InvalidArgument, "expected a name, got none");
    HelloReply reply;
    reply.set_message("Hello " + request.name());
    co_return reply;
  }
  rpc::Task<rpc::Status> chat(rpc::ServerContext&, rpc::Reader<HelloRequest>& reader,
                              rpc::Writer<HelloReply>& writer) override {
    HelloReply reply;
    while (std::optional<HelloRequest> request = co_await reader.read()) {
      reply.set_message("Hello " + request->name());
      const bool room = co_await writer.write(reply);
      if (!room) break;
    }
    co_return rpc::Status();
  }
};

// What the example's client prints.
rpc::Task<std::vector<std::string>> use(rpc::Caller& channel, std::string name) {
  std::vector<std::string> printed;
  HelloRequest request;
  request.set_name(name);

  helloworld::GreeterClient greeter(channel);
  rpc::Result<HelloReply> reply = co_await greeter.say_hello(request, {.timeout = 200ms});
  printed.push_back(reply ? reply->message() : reply.error().to_string());

  auto chat = greeter.chat();
  co_await chat.write(request, {.last = true});
  while (std::optional<HelloReply> next = co_await chat.read()) printed.push_back(next->message());
  rpc::Status status = co_await chat.finish();
  printed.push_back(status.to_string());
  co_return printed;
}

using GreeterExample = rpc::testing::LoopFixture;

TEST_F(GreeterExample, Greets) {
  Greeter service;
  rpc::InProcessChannel channel(loop);
  channel.add(service);
  EXPECT_THAT(run(use(channel, "Ada")), ElementsAre("Hello Ada", "Hello Ada", "OK"));
  EXPECT_THAT(run(use(channel, "")), ElementsAre("INVALID_ARGUMENT: expected a name, got none", "Hello ", "OK"));
  run(channel.close());
}

}  // namespace
