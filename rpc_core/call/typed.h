// Typed RPCs over protobuf messages: what generated code includes, and all that a user of it needs.
#pragma once

#include <string>
#include <string_view>

#include "rpc_core/call/client_stream.h"
#include "rpc_core/call/serve.h"
#include "rpc_core/call/service.h"

// From `service Greeter { rpc SayHello(HelloRequest) returns (HelloReply); }` protoc-gen-sluice makes GreeterService
// and GreeterClient. A server implements the one; a method that it leaves out answers UNIMPLEMENTED:
//
//   class Greeter final : public helloworld::GreeterService {
//    public:
//     rpc::Task<rpc::Result<HelloReply>> say_hello(rpc::ServerContext& context, const HelloRequest& request) override {
//       if (request.name().empty()) co_return rpc::fail(rpc::StatusCode::InvalidArgument, "expected a name, got none");
//       HelloReply reply;
//       reply.set_message("Hello " + request.name());
//       co_return reply;
//     }
//     rpc::Task<rpc::Status> chat(rpc::ServerContext& context, rpc::Reader<HelloRequest>& reader,
//                                 rpc::Writer<HelloReply>& writer) override {
//       HelloReply reply;
//       while (std::optional<HelloRequest> request = co_await reader.read()) {
//         reply.set_message("Hello " + request->name());
//         const bool room = co_await writer.write(reply);
//         if (!room) break;
//       }
//       co_return rpc::Status();
//     }
//   };
//
// A client calls the other, over a Channel or in process:
//
//   helloworld::GreeterClient greeter(channel);
//   rpc::Result<HelloReply> reply = co_await greeter.say_hello(request, {.timeout = 200ms});
//
//   auto chat = greeter.chat();
//   co_await chat.write(request, {.last = true});
//   while (std::optional<HelloReply> next = co_await chat.read()) std::cout << next->message() << "\n";
//   rpc::Status status = co_await chat.finish();
namespace sluice::rpc {

// One unary call. The request is encoded before this returns; the call starts when the task is awaited. The path, what
// the options point to and `received` live until the task is done.
template <class Response>
Task<Result<Response>> call_typed(Caller& caller, std::string_view path, Result<Buffer> request, CallOptions options,
                                  ResponseMetadata* received) {
  const Result<Buffer> response = co_await call_unary(caller, path, std::move(request), options, received);
  co_return decode<Response>(response);
}

// What a method that nobody implements answers with.
inline Status unimplemented(std::string_view path) {
  return Status(StatusCode::Unimplemented, "this server does not implement " + std::string(path));
}

}  // namespace sluice::rpc
