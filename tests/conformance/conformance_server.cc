// conformance_server: the server under test of connectrpc's conformance runner.
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <cstdio>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "connectrpc/conformance/v1/server_compat.pb.h"
#include "rpc_core/server/server.h"
#include "tests/conformance/compat_pipe.h"
#include "tests/conformance/conformance_service.h"

namespace sluice::rpc::conformance {
namespace {

std::shared_ptr<const TlsCredentials> credentials_of(const v1::ServerCompatRequest& request) {
  TlsOptions options;
  options.certificates = request.server_creds().cert();
  options.private_key = request.server_creds().key();
  options.authorities = request.client_tls_cert();
  if (!options.authorities.empty()) options.client_certificate = ClientCertificate::Required;
  const auto context = TlsContext::create(TlsRole::Server, std::move(options));
  if (!context) throw std::runtime_error(context.error().to_string());
  return std::make_shared<const TlsCredentials>(*context);
}

int serve() {
  v1::ServerCompatRequest request;
  if (!read_message(request)) return 1;
  Loop loop;
  boost::asio::signal_set signals(loop.context(), SIGTERM, SIGINT);
  ConformanceService service;
  ServerOptions options;
  options.max_receive_bytes = request.message_receive_limit();
  if (request.use_tls()) options.tls = credentials_of(request);
  Server server(loop, options);
  server.add(service);
  const Result<Endpoint> endpoint = server.listen(Endpoint(Endpoint::Kind::Tcp, "127.0.0.1", 0));
  if (!endpoint) throw std::runtime_error(endpoint.error().to_string());
  v1::ServerCompatResponse response;
  response.set_host(endpoint->host);
  response.set_port(endpoint->port);
  response.set_pem_cert(request.server_creds().cert());
  write_message(response);
  signals.async_wait([&loop](boost::system::error_code, int) { loop.stop(); });
  loop.run();
  loop.run(server.shut_down(Duration::zero()));
  return 0;
}

}  // namespace
}  // namespace sluice::rpc::conformance

int main() {
  try {
    return sluice::rpc::conformance::serve();
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "conformance_server: %s\n", failure.what());
    return 1;
  }
}
