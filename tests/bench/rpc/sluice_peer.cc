// bench_rpc with rpc_core on both sides.
#include <cstdio>
#include <stdexcept>

#include "rpc_core/base/loop.h"
#include "rpc_core/base/task_group.h"
#include "rpc_core/client/channel.h"
#include "rpc_core/server/server.h"
#include "tests/bench/rpc/bench.sluice.h"
#include "tests/bench/rpc/peers.h"
#include "tests/bench/rpc/tls_files.h"

namespace sluice::bench {
namespace {

class Service final : public BenchService {
 public:
  rpc::Task<rpc::Result<Payload>> echo(rpc::ServerContext&, const Payload& request) override { co_return request; }

  rpc::Task<rpc::Status> flood(rpc::ServerContext&, const Payload& request, rpc::Writer<Payload>& writer) override {
    bool going = true;
    while (going) going = co_await writer.write(request);
    co_return rpc::Status();
  }
};

rpc::Task<void> unary(BenchClient& client, const Payload& request, Meter& meter) {
  bool going = true;
  while (going) {
    const rpc::Result<Payload> reply = co_await client.echo(request);
    if (!reply) throw std::runtime_error(reply.error().to_string());
    going = meter.count();
  }
}

rpc::Task<void> streaming(BenchClient& client, const Payload& request, Meter& meter) {
  auto flood = client.flood(request);
  Payload message;
  bool going = true;
  while (going) {
    going = co_await flood.read(message);
    if (!going) throw std::runtime_error((co_await flood.finish()).to_string());
    going = meter.count();
  }
}

rpc::Task<void> all_streams(rpc::Loop& loop, BenchClient& client, const Load& load, Meter& meter) {
  Payload request;
  request.set_body(body_of(load));
  const auto body = [&](rpc::TaskGroup& group) -> rpc::Task<void> {
    for (int i = 0; i < load.streams; ++i) {
      group.spawn(load.mode == Mode::Unary ? unary(client, request, meter) : streaming(client, request, meter));
    }
    co_return;
  };
  co_await rpc::run_in_group(loop, body);
}

std::shared_ptr<const rpc::TlsCredentials> credentials_of(rpc::TlsRole role, const std::string& tls_folder) {
  if (tls_folder.empty()) return nullptr;
  const TlsTexts texts = read_tls(tls_folder);
  rpc::TlsOptions options;
  options.authorities = texts.authority;
  if (role == rpc::TlsRole::Server) {
    options.certificates = texts.certificate;
    options.private_key = texts.private_key;
  }
  return std::make_shared<const rpc::TlsCredentials>(rpc::TlsContext::create(role, options).value());
}

}  // namespace

void serve_sluice(const std::string& tls_folder) {
  rpc::Loop loop;
  Service service;
  rpc::ServerOptions options;
  options.tls = credentials_of(rpc::TlsRole::Server, tls_folder);
  rpc::Server server(loop, options);
  server.add(service);
  const auto endpoint = server.listen(rpc::Endpoint(rpc::Endpoint::Kind::Tcp, "127.0.0.1", 0));
  if (!endpoint) throw std::runtime_error(endpoint.error().to_string());
  std::printf("%d\n", endpoint->port);
  std::fflush(stdout);
  loop.run();
}

Measured call_sluice(const Load& load) {
  rpc::Loop loop;
  rpc::ChannelOptions options;
  options.tls = credentials_of(rpc::TlsRole::Client, load.tls_folder);
  options.authority = kServerName;
  const auto channel = rpc::Channel::create(loop, "127.0.0.1:" + std::to_string(load.port), options);
  if (!channel) throw std::runtime_error(channel.error().to_string());
  BenchClient client(**channel);
  Meter meter(load);
  loop.run(all_streams(loop, client, load, meter));
  loop.run((*channel)->shut_down());
  return meter.result();
}

}  // namespace sluice::bench
