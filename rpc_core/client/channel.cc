#include "rpc_core/client/channel.h"

#include <algorithm>
#include <utility>

#include "rpc_core/client/client_call.h"
#include "rpc_core/transport/tcp.h"
#include "rpc_core/transport/tls.h"
#include "rpc_core/wire/compression.h"

namespace sluice::rpc {
namespace {

constexpr std::string_view kLibraryName = "sluice-rpc/0.1.0";

std::string user_agent_of(const std::string& prefix) {
  return prefix.empty() ? std::string(kLibraryName) : prefix + " " + std::string(kLibraryName);
}

Metadata common_fields_of(const ChannelOptions& options, const std::string& authority) {
  return {{":method", "POST"},
          {":scheme", options.tls ? "https" : "http"},
          {":authority", authority},
          {"te", "trailers"},
          {"content-type", "application/grpc"},
          {"user-agent", user_agent_of(options.user_agent)},
          {"grpc-accept-encoding", kAcceptedCompressions}};
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
  if (const Result<void> checked = check_method_configs(options.methods); !checked) return fail(checked.error());
  return std::unique_ptr<Channel>(new Channel(loop, *parsed, std::move(options)));
}

Channel::Channel(Loop& loop, const Target& target, ChannelOptions options)
    : loop_(loop),
      options_(std::move(options)),
      authority_(options_.authority.empty() ? target.authority : options_.authority),
      common_fields_(common_fields_of(options_, authority_)),
      state_changed_(loop) {
  for (std::size_t i = 0; i < std::max<std::size_t>(1, options_.connections); ++i) {
    subchannels_.push_back(std::make_unique<Subchannel>(loop, make_resolver(loop, target.endpoint),
                                                        connector_of(options_, authority_), options_.subchannel));
    subchannels_.back()->watch(&state_changed_);
  }
}

ConnectivityState Channel::state() const {
  using enum ConnectivityState;
  for (const ConnectivityState better : {Ready, Connecting, Idle, TransientFailure}) {
    const auto has_it = [better](const auto& each) { return each->state() == better; };
    if (std::ranges::any_of(subchannels_, has_it)) return better;
  }
  return Shutdown;
}

Task<bool> Channel::wait_for_state_change(ConnectivityState from) {
  bool notified = true;
  while (notified && state() == from) notified = co_await state_changed_.wait();
  co_return notified;
}

void Channel::connect() {
  for (const auto& each : subchannels_) each->connect();
}

Subchannel& Channel::pick() {
  if (subchannels_.size() == 1) return *subchannels_.front();
  Subchannel* best = nullptr;
  for (const auto& each : subchannels_) {
    each->connect();
    if (each->state() != ConnectivityState::Ready) continue;
    if (best == nullptr || each->open_streams() < best->open_streams()) best = each.get();
  }
  return best != nullptr ? *best : *subchannels_[next_++ % subchannels_.size()];
}

ChannelReport Channel::report() const {
  ChannelReport report = calls_;
  for (const auto& each : subchannels_) each->connections().add_to(report.connections);
  return report;
}

std::string to_string(const ChannelReport& report) {
  return "calls " + std::to_string(report.calls_started) + " (" + std::to_string(report.calls_succeeded) +
         " succeeded, " + std::to_string(report.calls_failed) + " failed)\n" + to_string(report.connections);
}

void Channel::ping() {
  for (const auto& each : subchannels_) each->ping();
}

Task<void> Channel::shut_down() {
  for (const auto& each : subchannels_) co_await each->shut_down();
}

std::unique_ptr<Call> Channel::start(std::string_view path, const CallOptions& options) {
  const MethodConfig* config = find_method_config(options_.methods, path);
  if (config == nullptr) return std::make_unique<ClientCall>(*this, path, options);
  return std::make_unique<ClientCall>(*this, path, apply_method_config(*config, options));
}

}  // namespace sluice::rpc
