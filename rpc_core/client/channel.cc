#include "rpc_core/client/channel.h"

#include <utility>

#include "rpc_core/client/client_call.h"
#include "rpc_core/transport/tcp.h"

namespace sluice::rpc {
namespace {

constexpr std::string_view kLibraryName = "sluice-rpc/0.1.0";

std::string user_agent_of(const std::string& prefix) {
  return prefix.empty() ? std::string(kLibraryName) : prefix + " " + std::string(kLibraryName);
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
      subchannel_(loop, make_resolver(loop, target.endpoint),
                  options_.connector ? options_.connector : Connector(connect_socket), options_.subchannel) {}

std::unique_ptr<Call> Channel::start(std::string_view path, const CallOptions& options) {
  return std::make_unique<ClientCall>(*this, path, options);
}

}  // namespace sluice::rpc
