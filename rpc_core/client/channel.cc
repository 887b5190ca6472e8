#include "rpc_core/client/channel.h"

#include <utility>

#include "rpc_core/client/client_call.h"
#include "rpc_core/transport/tcp.h"
#include "rpc_core/transport/tls.h"

namespace sluice::rpc {
namespace {

constexpr std::string_view kLibraryName = "sluice-rpc/0.1.0";

std::string user_agent_of(const std::string& prefix) {
  return prefix.empty() ? std::string(kLibraryName) : prefix + " " + std::string(kLibraryName);
}

using Connecting = Task<Result<std::unique_ptr<ByteStream>>>;

// Without the port, and without an IPv6 address's brackets.
std::string host_of(std::string_view authority) {
  const std::size_t end = authority.rfind(':');
  const bool has_port = end != std::string_view::npos && authority.find(']', end) == std::string_view::npos;
  if (has_port) authority = authority.substr(0, end);
  if (authority.starts_with('[') && authority.ends_with(']')) authority = authority.substr(1, authority.size() - 2);
  return std::string(authority);
}

Connecting connect_with_tls(Connecting below, Loop& loop, std::shared_ptr<const TlsContext> context, std::string name) {
  Result<std::unique_ptr<ByteStream>> bytes = co_await std::move(below);
  if (!bytes) co_return std::move(bytes);
  co_return co_await tls_connect(loop, *std::move(bytes), std::move(context), std::move(name));
}

Connector connector_of(const ChannelOptions& options, const std::string& authority) {
  const Connector plain = options.connector ? options.connector : Connector(connect_socket);
  if (!options.tls) return plain;
  return [plain, tls = options.tls, name = host_of(authority)](Loop& loop, Endpoint endpoint) {
    return connect_with_tls(plain(loop, std::move(endpoint)), loop, tls->context(), name);
  };
}

}  // namespace

Result<std::unique_ptr<Channel>> Channel::create(Loop& loop, std::string_view target) {
  return create(loop, target, ChannelOptions());
}

Result<std::unique_ptr<Channel>> Channel::create(Loop& loop, std::string_view target, ChannelOptions options) {
  const Result<Target> parsed = parse_target(target);
  if (!parsed) return fail(parsed.error());
  return std::unique_ptr<Channel>(new Channel(loop, *parsed, std::move(options)));
}

Channel::Channel(Loop& loop, const Target& target, ChannelOptions options)
    : loop_(loop),
      options_(std::move(options)),
      authority_(options_.authority.empty() ? target.authority : options_.authority),
      user_agent_(user_agent_of(options_.user_agent)),
      subchannel_(loop, make_resolver(loop, target.endpoint), connector_of(options_, authority_), options_.subchannel) {
}

std::unique_ptr<Call> Channel::start(std::string_view path, const CallOptions& options) {
  return std::make_unique<ClientCall>(*this, path, options);
}

}  // namespace sluice::rpc
