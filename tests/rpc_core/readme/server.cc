// The first server of rpc_core's README.
#include "rpc_core/server/server.h"

#include <iostream>

#include "greeter.sluice.h"
#include "rpc_core/base/loop.h"

namespace rpc = sluice::rpc;

class Greeter final : public greeter::GreeterService {
 public:
  rpc::Task<rpc::Result<greeter::Reply>> hello(rpc::ServerContext&, const greeter::Request& request) override {
    if (request.name().empty()) co_return rpc::fail(rpc::StatusCode::InvalidArgument, "expected a name, got none");
    greeter::Reply reply;
    reply.set_text("Hello " + request.name());
    co_return reply;
  }
};

int main(int, char** argv) {
  rpc::Loop loop;
  Greeter greeter;
  rpc::Server server(loop, {});
  server.add(greeter);
  const auto endpoint = server.listen(*rpc::parse_endpoint(argv[1]));
  std::cout << (endpoint ? endpoint->to_string() : endpoint.error().to_string()) << std::endl;
  if (endpoint) loop.run();
}
