// Channel: calls to one target over HTTP/2.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "rpc_core/call/call.h"
#include "rpc_core/client/subchannel.h"
#include "rpc_core/transport/tls_context.h"
#include "rpc_core/wire/compression.h"

namespace sluice::rpc {

struct ChannelOptions {
  SubchannelOptions subchannel;
  // Connections to make, each at its own time: a call goes to the one with the fewest.
  std::size_t connections = 1;
  // The largest message to receive, after decompression.
  std::size_t max_receive_bytes = 4 << 20;
  // How many bytes of a call may wait to be sent before write() does not resume.
  std::size_t send_buffer_bytes = 64 * 1024;
  // Compresses messages of calls that do not say otherwise.
  Compression compression = Compression::Identity;
  // :authority; empty: the target's host and port. With TLS, its host is whom the server's certificate has to be for.
  std::string authority;
  // Speaks TLS; the context may be replaced at any time, for new connections. None: plain text.
  std::shared_ptr<const TlsCredentials> tls;
  // Sends what CallOptions::credentials give over plain text too, where everybody on the way reads it. Otherwise such
  // calls fail with UNAUTHENTICATED.
  bool credentials_over_plain_text = false;
  // Put before the library's own name in user-agent.
  std::string user_agent;
  Connector connector;  // empty: TCP or unix sockets; TLS comes on top of it
};

// Belongs to one loop, as its calls do. It connects at the first call.
//
//   auto channel = Channel::create(loop, "dns:///localhost:50051");
//   auto call = (*channel)->start("/helloworld.Greeter/SayHello", {.timeout = 200ms});
//   …
//   co_await (*channel)->shut_down();
class Channel final : public Caller {
 public:
  // INVALID_ARGUMENT for a target that cannot be parsed.
  static Result<std::unique_ptr<Channel>> create(Loop& loop, std::string_view target, ChannelOptions options);
  static Result<std::unique_ptr<Channel>> create(Loop& loop, std::string_view target);

  std::unique_ptr<Call> start(std::string_view path, const CallOptions& options) override;
  Loop& loop() override { return loop_; }

  // The best that one of the connections has.
  ConnectivityState state() const;
  // Resumes when the state is another one than `from`. False: a stop was requested.
  Task<bool> wait_for_state_change(ConnectivityState from);
  // Leaves Idle without a call.
  void connect();
  // The first of them; and the one that the next call should take.
  Subchannel& subchannel() { return *subchannels_.front(); }
  Subchannel& pick();

  // Closes the connections; calls that still run end with UNAVAILABLE. Await it before destroying the channel; calls
  // may be destroyed after it, but before the channel.
  Task<void> shut_down();

  const ChannelOptions& options() const { return options_; }
  const std::string& authority() const { return authority_; }
  const std::string& user_agent() const { return user_agent_; }

 private:
  Channel(Loop& loop, const Target& target, ChannelOptions options);

  Loop& loop_;
  const ChannelOptions options_;
  const std::string authority_;
  const std::string user_agent_;
  WaitQueue state_changed_;
  std::vector<std::unique_ptr<Subchannel>> subchannels_;
  std::size_t next_ = 0;  // of those, while none is ready
};

}  // namespace sluice::rpc
