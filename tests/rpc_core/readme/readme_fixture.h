// A server with a greeter on a real loop and socket, and a channel to it: what the README's lines take for granted.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "greeter.sluice.h"
#include "rpc_core/base/loop.h"
#include "rpc_core/client/channel.h"
#include "rpc_core/server/server.h"

namespace readme {

namespace rpc = sluice::rpc;
using namespace std::chrono_literals;
using greeter::GreeterClient;
using greeter::Reply;
using greeter::Request;

inline Reply text(std::string value) {
  Reply reply;
  reply.set_text(std::move(value));
  return reply;
}

class Fixture : public ::testing::Test {
 protected:
  Fixture() { request.set_name("world"); }

  void serve(rpc::Service& service, rpc::ServerOptions server_options = {}, rpc::ChannelOptions channel_options = {}) {
    server = std::make_unique<rpc::Server>(loop, std::move(server_options));
    server->add(service);
    target = server->listen(*rpc::parse_endpoint("127.0.0.1:0"))->to_string();
    channel = *rpc::Channel::create(loop, target, std::move(channel_options));
  }
  // Runs what `body`, a lambda, gives as a task.
  template <class Body>
  void run(Body body) {
    loop.run(body());
  }
  void TearDown() override {
    if (channel) loop.run(channel->shut_down());
    if (server) loop.run(server->shut_down(0s));
  }

  rpc::Loop loop;
  Request request;
  std::string target;
  std::unique_ptr<rpc::Server> server;
  std::unique_ptr<rpc::Channel> channel;
};

}  // namespace readme
