// Channel: calls to one target over HTTP/2.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "rpc_core/call/call.h"
#include "rpc_core/client/method_config.h"
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
  // The largest message to send, before compression; protobuf has none beyond it.
  std::size_t max_send_bytes = 0x7fffffff;
  // How many bytes of a call may wait to be sent before write() does not resume.
  std::size_t send_buffer_bytes = 64 * 1024;
  // Compresses messages of calls that do not say otherwise.
  Compression compression = Compression::Identity;
  // What calls of some methods have in the place of the above, and their timeouts.
  MethodConfigs methods;
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

// What a channel has done so far.
struct ChannelReport {
  std::uint64_t calls_started = 0;
  std::uint64_t calls_succeeded = 0;
  std::uint64_t calls_failed = 0;  // with any status but OK, or given up without one
  http2::ConnectionsReport connections;
};
// "calls 3 (2 succeeded, 0 failed)", and the lines of its connections.
std::string to_string(const ChannelReport& report);

// Belongs to one loop, as its calls do. It connects at the first call.
//
//   auto channel = Channel::create(loop, "dns:///localhost:50051");
//   auto call = (*channel)->start("/helloworld.Greeter/SayHello", {.timeout = 200ms});
//   …
//   co_await (*channel)->shut_down();
class Channel final : public Caller {
 public:
  // INVALID_ARGUMENT for a target or a name of ChannelOptions::methods that cannot be parsed.
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

  ChannelReport report() const;
  // Measures the round trip of each connection, for the next report. Servers that see PINGs often end the connection.
  void ping();

  // Closes the connections; calls that still run end with UNAVAILABLE. Await it before destroying the channel; calls
  // may be destroyed after it, but before the channel.
  Task<void> shut_down();

  const ChannelOptions& options() const { return options_; }
  const std::string& authority() const { return authority_; }
  // The header fields that all calls have in common; only the path is missing, and stands before them.
  const Metadata& common_fields() const { return common_fields_; }

 private:
  friend class ClientCall;

  Channel(Loop& loop, const Target& target, ChannelOptions options);

  Loop& loop_;
  const ChannelOptions options_;
  const std::string authority_;
  const Metadata common_fields_;
  WaitQueue state_changed_;
  ChannelReport calls_;  // without connections
  std::vector<std::unique_ptr<Subchannel>> subchannels_;
  std::size_t next_ = 0;  // of those, while none is ready
};

}  // namespace sluice::rpc
