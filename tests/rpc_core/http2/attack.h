// An attack, frame by frame, and how it has to end.
#pragma once

#include <functional>
#include <string>

#include "rpc_core/http2/error.h"
#include "tests/support/heap_bytes.h"
#include "tests/support/scripted_peer.h"

namespace sluice::rpc::testing {

struct Attack {
  const char* name;
  std::function<void(ScriptedPeer&, int)> once;
  int most;  // a little more than the limit
  http2::ErrorCode code;
  std::string reason;  // of the GOAWAY
};

// What one connection that is attacked may keep, whatever comes.
constexpr std::size_t kMostHeapBytes = 4 << 20;

// Goes on until the connection is closed; the GOAWAY tells why.
inline void expect_end(const Attack& attack, Loop& loop, ScriptedPeer& peer) {
  const std::size_t heap = heap_bytes();
  for (int i = 0; i < attack.most && !peer.ended(); ++i) attack.once(peer, i);
  loop.poll();
  EXPECT_TRUE(peer.ended()) << attack.name;
  EXPECT_LT(heap_bytes(), heap + kMostHeapBytes) << attack.name;
  const std::vector<Frame> frames = peer.take(NGHTTP2_GOAWAY);
  ASSERT_FALSE(frames.empty()) << attack.name;
  EXPECT_EQ(frames.back().number(4), static_cast<std::uint32_t>(attack.code)) << attack.name;
  EXPECT_EQ(frames.back().payload.substr(8), attack.reason) << attack.name;
}

// A header block that is small on the way and 60 MB when it is read: one large field, referred to again and again
// ("HPACK bomb"). With the pseudo-header fields of a request or a response in front.
inline void send_hpack_bomb(ScriptedPeer& peer, std::int32_t stream, std::string_view pseudo_fields) {
  constexpr std::size_t kFieldBytes = 4000;
  std::string block(pseudo_fields);
  block += std::string("\x40\x01x\x7f", 4);  // literal, to be indexed: a name of one byte, a value of 127 + …
  block += static_cast<char>(0x80 | ((kFieldBytes - 127) & 0x7f));
  block += static_cast<char>((kFieldBytes - 127) >> 7);
  block += std::string(kFieldBytes, 'v');
  block += std::string(16'000 - block.size(), '\xbe');  // the newest field of the table
  peer.frame(NGHTTP2_HEADERS, NGHTTP2_FLAG_END_HEADERS, stream, block);
}

}  // namespace sluice::rpc::testing
