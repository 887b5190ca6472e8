// The first client of rpc_core's README.
#include <iostream>

#include "greeter.sluice.h"
#include "rpc_core/base/loop.h"
#include "rpc_core/client/channel.h"

namespace rpc = sluice::rpc;
using namespace std::chrono_literals;

rpc::Task<void> greet(rpc::Channel& channel) {
  greeter::GreeterClient greeter(channel);
  greeter::Request request;
  request.set_name("world");
  const auto reply = co_await greeter.hello(request, {.timeout = 2s});
  std::cout << (reply ? reply->text() : reply.error().to_string()) << "\n";
  co_await channel.shut_down();
}

int main(int, char** argv) {
  rpc::Loop loop;
  const auto channel = rpc::Channel::create(loop, argv[1]);
  if (channel) loop.run(greet(**channel));
}
