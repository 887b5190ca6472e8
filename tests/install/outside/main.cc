// Serves a generated service, and calls it with the generated client and with gRPC C++.
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <rpc_core/base/loop_thread.h>
#include <rpc_core/client/channel.h>
#include <rpc_core/server/server.h>
#include <rpc_core/services/health.h>

#include <cstdio>
#include <memory>
#include <string>

#include "greeting.sluice.h"

namespace {

namespace rpc = sluice::rpc;

class Greeter final : public outside::GreeterService {
 public:
  rpc::Task<rpc::Result<outside::Greeting>> greet(rpc::ServerContext&, const outside::Greeting& request) override {
    outside::Greeting reply;
    reply.set_text("Hello " + request.text());
    co_return reply;
  }
};

outside::Greeting greeting(const std::string& text) {
  outside::Greeting greeting;
  greeting.set_text(text);
  return greeting;
}

rpc::Task<std::string> greet(rpc::Channel& channel) {
  outside::GreeterClient client(channel);
  const outside::Greeting request = greeting("rpc_core");
  const rpc::Result<outside::Greeting> reply = co_await client.greet(request, {.timeout = std::chrono::seconds(20)});
  if (!reply) co_return reply.error().to_string();
  co_return reply->text();
}

std::string greet_with_grpcpp(const std::string& address) {
  grpc::GenericStub stub(grpc::CreateChannel(address, grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  grpc::CompletionQueue queue;
  grpc::Slice slice(greeting("grpc++").SerializeAsString());
  grpc::ByteBuffer request(&slice, 1);
  grpc::ByteBuffer reply;
  grpc::Status status;
  const auto call = stub.PrepareUnaryCall(&context, "/outside.Greeter/Greet", request, &queue);
  call->StartCall();
  call->Finish(&reply, &status, nullptr);
  void* tag = nullptr;
  bool ok = false;
  queue.Next(&tag, &ok);
  if (!status.ok()) return status.error_message();
  grpc::Slice bytes;
  outside::Greeting parsed;
  if (!reply.DumpToSingleSlice(&bytes).ok() || !parsed.ParseFromArray(bytes.begin(), static_cast<int>(bytes.size()))) {
    return "no greeting";
  }
  return parsed.text();
}

bool is(const std::string& got, const std::string& expected) {
  std::printf("expected \"%s\", got \"%s\"\n", expected.c_str(), got.c_str());
  return got == expected;
}

}  // namespace

int main() {
  rpc::LoopThread thread;
  Greeter greeter;
  rpc::HealthService health;
  std::unique_ptr<rpc::Server> server;
  std::unique_ptr<rpc::Channel> channel;
  const std::string address = thread.call([&] {
    server = std::make_unique<rpc::Server>(thread.loop(), rpc::ServerOptions());
    server->add(greeter);
    server->add(health);
    const auto endpoint = server->listen(rpc::Endpoint(rpc::Endpoint::Kind::Tcp, "127.0.0.1", 0));
    if (!endpoint) return std::string();
    channel = rpc::Channel::create(thread.loop(), endpoint->to_string()).value();
    return endpoint->to_string();
  });
  if (address.empty()) return 1;
  const bool ours = is(thread.run(greet(*channel)), "Hello rpc_core");
  const bool theirs = is(greet_with_grpcpp(address), "Hello grpc++");
  thread.run(channel->shut_down());
  thread.run(server->shut_down(rpc::Duration::zero()));
  thread.call([&] {
    channel.reset();
    server.reset();
  });
  return ours && theirs ? 0 : 1;
}
