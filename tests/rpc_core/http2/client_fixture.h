// A channel under test, whose servers are ScriptedPeers: a new one for each connection.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "rpc_core/client/channel.h"
#include "rpc_core/transport/memory.h"
#include "tests/support/print_status.h"
#include "tests/support/raw_service.h"
#include "tests/support/scripted_peer.h"

namespace sluice::rpc::testing {

class ClientFixture : public LoopFixture {
 protected:
  void start(ScriptedPeer::Settings settings = {}, ChannelOptions options = {}) {
    options.connector = [this, settings](Loop& on, Endpoint) { return connect(on, settings); };
    channel = *Channel::create(loop, "127.0.0.1:1", std::move(options));
  }

  Task<Result<std::unique_ptr<ByteStream>>> connect(Loop& on, ScriptedPeer::Settings settings) {
    auto [ours, theirs] = memory_pair(on, {.capacity = 16 << 20});
    peers.push_back(std::make_unique<ScriptedPeer>(on, std::move(theirs), ScriptedPeer::Side::Server));
    // At the loop's next turn: a ScriptedPeer runs the loop itself, which may not be done from inside it.
    pending_settings = settings;
    co_return std::move(ours);
  }

  // Lets the channel connect, and greets it.
  void settle() {
    loop.poll();
    while (pending_settings) {
      const ScriptedPeer::Settings settings = *std::exchange(pending_settings, std::nullopt);
      peers.back()->greet(settings);
    }
  }
  ScriptedPeer& peer() { return *peers.back(); }

  void TearDown() override {
    if (channel) run(channel->shut_down());
    peers.clear();
    channel.reset();
    LoopFixture::TearDown();
  }

  // One message each way, half-closed; what came of it.
  struct Outcome {
    std::vector<std::string> messages;
    Status status;
    Metadata trailers;
  };
  Task<Outcome> call(std::string request, CallOptions options = {}) {
    Outcome outcome;
    const std::unique_ptr<Call> call = channel->start(kRawPath, options);
    co_await call->write(message(request), {.last = true});
    while (std::optional<Buffer> reply = co_await call->read()) outcome.messages.emplace_back(reply->text());
    outcome.status = co_await call->finish();
    outcome.trailers = call->trailers();
    co_return outcome;
  }

  // A call that has reached the peer as stream 1.
  std::unique_ptr<Started<Outcome>> started(std::string request = "hi", CallOptions options = {}) {
    auto running = std::make_unique<Started<Outcome>>(call(std::move(request), options));
    settle();
    return running;
  }

  // What the peer has got as the body of a stream.
  static std::string body(const std::vector<Frame>& frames, std::int32_t stream) {
    std::string bytes;
    for (const Frame& each : frames) {
      if (each.type == NGHTTP2_DATA && each.stream == stream) bytes += each.payload;
    }
    return bytes;
  }

  std::unique_ptr<Channel> channel;
  std::vector<std::unique_ptr<ScriptedPeer>> peers;
  std::optional<ScriptedPeer::Settings> pending_settings;
};

}  // namespace sluice::rpc::testing
