// ScriptedPeer: the other end of an HTTP/2 connection, frame by frame, as a test writes it.
#pragma once

#include <nghttp2/nghttp2.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rpc_core/base/loop.h"
#include "rpc_core/base/metadata.h"
#include "rpc_core/transport/byte_stream.h"
#include "tests/support/loop_fixture.h"

namespace sluice::rpc::testing {

// A frame that came. Header blocks are decoded.
struct Frame {
  std::uint8_t type = 0;
  std::uint8_t flags = 0;
  std::int32_t stream = 0;
  std::string payload;
  Metadata fields;  // of HEADERS

  bool end_stream() const { return (flags & NGHTTP2_FLAG_END_STREAM) != 0; }
  // The four bytes at `offset`: the code of RST_STREAM (0) and GOAWAY (4), the increment of WINDOW_UPDATE (0).
  std::uint32_t number(std::size_t offset = 0) const;
};

// It sends what it is told, whatever the protocol says of it. Each sending runs the loop until nothing is left to do.
class ScriptedPeer {
 public:
  enum class Side : std::uint8_t { Client, Server };
  ScriptedPeer(Loop& loop, std::unique_ptr<ByteStream> stream, Side side);
  ~ScriptedPeer();
  ScriptedPeer(const ScriptedPeer&) = delete;
  ScriptedPeer& operator=(const ScriptedPeer&) = delete;

  using Settings = std::vector<std::pair<std::uint16_t, std::uint32_t>>;
  // The client's magic, and SETTINGS.
  void greet(const Settings& settings = {});

  void headers(std::int32_t stream, const Metadata& fields, bool end_stream);
  void data(std::int32_t stream, std::string_view bytes, bool end_stream);
  void reset(std::int32_t stream, std::uint32_t code);
  void goaway(std::int32_t last_stream, std::uint32_t code);
  void window_update(std::int32_t stream, std::uint32_t increment);
  void frame(std::uint8_t type, std::uint8_t flags, std::int32_t stream, std::string_view payload);
  void raw(std::string bytes);
  // Of the next raw bytes, so many go first, and the rest when the function has run.
  void interrupt_next(std::size_t cut, std::function<void()> between);
  // Reads and writes no more.
  void close();

  // What came since the last time: all of it, or the frames of one type (and stream).
  std::vector<Frame> take();
  std::vector<Frame> take(std::uint8_t type, std::int32_t stream = -1);
  // The other side has closed the connection.
  bool ended() const { return ended_; }

 private:
  Task<void> read();
  void parse();
  Metadata decode(std::string_view block);

  Loop& loop_;
  std::unique_ptr<ByteStream> stream_;
  const Side side_;
  bool magic_awaited_;
  bool ended_ = false;
  std::string unparsed_;
  std::vector<Frame> frames_;
  nghttp2_hd_deflater* deflater_ = nullptr;
  nghttp2_hd_inflater* inflater_ = nullptr;
  std::size_t cut_ = 0;
  std::function<void()> between_;
  std::optional<Started<void>> reader_;
};

// A message with its prefix.
std::string framed(std::string_view message, bool compressed = false);
// The head of a proper request to that path, and of a proper response; trailers with a status.
Metadata request_head(std::string_view path);
Metadata response_head();
Metadata status_trailers(int code);

}  // namespace sluice::rpc::testing
