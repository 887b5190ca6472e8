// A server under test, whose client is a ScriptedPeer.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rpc_core/server/server.h"
#include "rpc_core/transport/memory.h"
#include "tests/support/raw_service.h"
#include "tests/support/scripted_peer.h"

namespace sluice::rpc::testing {

class ServerFixture : public LoopFixture {
 protected:
  ServerFixture() { service.handler = echo; }

  void start(ServerOptions options = {}) {
    server = std::make_unique<Server>(loop, std::move(options));
    server->add(service);
    auto [ours, theirs] = memory_pair(loop, {.capacity = 16 << 20});
    server->serve(std::move(theirs));
    peer.emplace(loop, std::move(ours), ScriptedPeer::Side::Client);
    peer->greet();
    peer->frame(NGHTTP2_SETTINGS, NGHTTP2_FLAG_ACK, 0, "");
    peer->take();
  }

  void TearDown() override {
    peer.reset();
    if (server) run(server->shut_down(Duration::zero()));
    LoopFixture::TearDown();
  }

  void request(std::int32_t stream, bool end_stream = false) {
    peer->headers(stream, request_head(kRawPath), end_stream);
  }

  // What came on one stream, flattened: its messages, and the last header block.
  struct Answer {
    std::string data;
    Metadata last_fields;
    std::size_t blocks = 0;
    bool ended = false;
    std::vector<std::uint32_t> resets;
  };
  using Answers = std::map<std::int32_t, Answer>;
  Answer answer(std::int32_t stream) { return answers()[stream]; }
  Answers answers() {
    Answers all;
    for (const Frame& each : peer->take()) {
      Answer& answer = all[each.stream];
      if (each.type == NGHTTP2_DATA) answer.data += each.payload;
      if (each.type == NGHTTP2_RST_STREAM) answer.resets.push_back(each.number());
      if (each.type == NGHTTP2_HEADERS) {
        answer.last_fields = each.fields;
        ++answer.blocks;
      }
      if ((each.type == NGHTTP2_HEADERS || each.type == NGHTTP2_DATA) && each.end_stream()) answer.ended = true;
    }
    return all;
  }

  RawService service;
  std::unique_ptr<Server> server;
  std::optional<ScriptedPeer> peer;
};

}  // namespace sluice::rpc::testing
