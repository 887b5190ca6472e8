// interop_server: gRPC's interop server; it also answers GET /h2spec, for the HTTP/2 suite of that name.
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <cstdio>
#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "rpc_core/server/server.h"
#include "tests/interop/flags.h"
#include "tests/interop/test_service.h"

namespace sluice::rpc::interop {
namespace {

std::optional<std::string> plain_http(std::string_view path) {
  if (path != "/h2spec") return std::nullopt;
  return "a response with a body";
}

const Flags::Defaults kFlags = {{"port", "10000"}, {"use_tls", "false"}, {"tls_cert_file", ""}, {"tls_key_file", ""}};

std::shared_ptr<const TlsCredentials> credentials_of(const Flags& flags) {
  TlsFiles files;
  files.certificates = flags.text("tls_cert_file");
  files.private_key = flags.text("tls_key_file");
  const auto context = load_tls(TlsRole::Server, files, TlsOptions());
  if (!context) throw std::invalid_argument(context.error().to_string());
  return std::make_shared<const TlsCredentials>(*context);
}

void serve(const Flags& flags) {
  Loop loop;
  boost::asio::signal_set signals(loop.context(), SIGTERM, SIGINT);
  TestService service("sluice-" + std::to_string(::getpid()));
  ServerOptions options;
  options.plain_http = plain_http;
  if (flags.boolean("use_tls")) options.tls = credentials_of(flags);
  Server server(loop, options);
  server.add(service);
  const auto port = static_cast<std::uint16_t>(flags.number("port"));
  const Result<Endpoint> endpoint = server.listen(Endpoint(Endpoint::Kind::Tcp, "127.0.0.1", port));
  if (!endpoint) throw std::runtime_error(endpoint.error().to_string());
  std::printf("listening on %s\n", endpoint->to_string().c_str());
  std::fflush(stdout);
  signals.async_wait([&loop](boost::system::error_code, int) { loop.stop(); });
  loop.run();
  loop.run(server.shut_down(Duration::zero()));
}

}  // namespace
}  // namespace sluice::rpc::interop

int main(int argc, char** argv) {
  try {
    sluice::rpc::interop::serve(sluice::rpc::interop::Flags(argc, argv, sluice::rpc::interop::kFlags));
    return 0;
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "interop_server: %s\n", failure.what());
    return 1;
  }
}
