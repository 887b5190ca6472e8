// Session: an HTTP/2 connection without its I/O, on nghttp2. Bytes in, bytes out, streams in between.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rpc_core/base/loop.h"
#include "rpc_core/base/result.h"
#include "rpc_core/http2/connection_life.h"
#include "rpc_core/http2/counters.h"
#include "rpc_core/http2/flood_guard.h"
#include "rpc_core/http2/output.h"
#include "rpc_core/http2/stream.h"

struct nghttp2_session;

namespace sluice::rpc::http2 {

class FieldList;

enum class Role : std::uint8_t { Client, Server };

struct SessionOptions {
  // Streams that the peer may have open at a time (SETTINGS_MAX_CONCURRENT_STREAMS); for a server.
  std::uint32_t max_concurrent_streams = 1000;
  // What the peer may send before the application takes it: a stream, the connection.
  std::uint32_t stream_window_bytes = 1 << 20;
  std::uint32_t connection_window_bytes = 4 << 20;
  // Largest header list to receive, as RFC 9113 section 6.5.2 counts it.
  std::uint32_t max_header_list_bytes = 64 * 1024;
  std::uint32_t max_frame_bytes = 16 * 1024;
  // Client: above this stream id another connection takes the next calls; ids end at 2^31 - 1.
  std::uint32_t last_stream_id = 0x60000000;
  LifeOptions life;
  FloodLimits limits;
};

// A server's defaults: clients that are gone without a word are found out.
inline SessionOptions server_session_options() {
  SessionOptions options;
  options.life.keepalive_after = std::chrono::hours(2);
  options.life.keepalive_without_streams = true;
  return options;
}

// Nothing here touches a socket. After feed() and after any sending, `flush` is posted to run last in the loop's turn;
// it drains the session into one write.
class Session {
 public:
  Session(Loop& loop, Role role, const SessionOptions& options, Wakeup& flush);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // Takes bytes from the peer. An error is the connection's end: what is to be sent (a GOAWAY) still comes from
  // drain().
  Result<void> feed(std::span<const std::byte> bytes);
  // Appends what is to be sent, up to about `limit` bytes, with a fair share for every stream.
  // The one before has been written, or is given up.
  Result<void> drain(Output& output, std::size_t limit);
  // Marks every stream as lost with the connection.
  void connection_lost();

  // Client: a new stream; it waits inside nghttp2 while the server has no room for it.
  StreamPtr open();
  // Server: the next stream whose headers are complete, or none.
  StreamPtr accept();

  // Neither side has more to say: the connection may be closed.
  bool finished() const;
  std::size_t open_streams() const { return streams_.size(); }
  const ConnectionCounters& counters() const { return counters_; }
  void count_sent(std::size_t bytes) { counters_.bytes_sent += bytes; }
  // DATA of all streams that waits to be sent, and that has been.
  std::size_t unsent_bytes() const { return unsent_bytes_; }
  std::uint64_t data_sent() const { return data_sent_; }
  // Counts the header blocks that have begun to come; 0 while none is coming.
  std::uint64_t header_block() const { return in_header_block_ ? header_blocks_ : 0; }
  // The peer's first SETTINGS came: it speaks HTTP/2.
  bool peer_ready() const { return peer_ready_; }
  bool goaway_received() const { return goaway_received_; }
  // New streams can be opened: no GOAWAY either way, and stream ids left.
  bool can_open() const;

  // A graceful end, in two steps: a notice and a PING; behind its answer the GOAWAY that names the last stream served,
  // and the reason. finish_notice() does not wait for that answer.
  void shut_down(std::string_view reason);
  void finish_notice();
  // The end, now: GOAWAY with that code.
  void terminate(ErrorCode code);
  // Asks for an answer, for whoever counts the bytes that come.
  void ping();
  // The peer ended the connection because of our PINGs.
  bool pinged_too_much() const { return pinged_too_much_; }

 private:
  friend class Stream;
  friend class SessionCallbacks;

  void mark_dirty();
  void submit_headers(Stream& stream, bool end_stream);
  bool output_in_flight() const { return output_ != nullptr || output_in_flight_; }
  // The notice of a shut_down() has gone out: its answer is the answer to a PING behind it.
  void on_goaway_sent();
  void on_ping_answered(const std::uint8_t* payload);
  void on_goaway(ErrorCode code, std::string_view reason);
  // The peer does what no peer needs to do: GOAWAY(ENHANCE_YOUR_CALM) with the reason.
  void calm_down(std::string_view reason);
  // Whether the stream has had its share of this round; then it waits for the next.
  bool share_used_up(Stream& stream);
  void begin_round();
  Result<void> pull(Output& output, std::size_t limit);
  void adopt(Stream& stream, std::int32_t id);
  void forget(Stream& stream);
  // Closes the requests that a GOAWAY came before: they have not been sent.
  void give_up_queued();
  // Takes note of a request's stream id; false: the client goes back to an id that it skipped (RFC 9113 section 5.1.1).
  bool note_request_id(std::int32_t id);

  Loop& loop_;
  const Role role_;
  const SessionOptions options_;
  Wakeup& flush_;
  nghttp2_session* session_ = nullptr;
  Output* output_ = nullptr;  // set while drain() runs
  std::deque<StreamPtr, PoolAllocator<StreamPtr>> accepted_;
  std::vector<std::int32_t> yielded_;
  std::vector<Stream*> streams_;
  std::unique_ptr<FieldList> fields_;
  std::uint64_t round_ = 1;
  std::uint64_t drain_round_ = 1;  // the first round of the last drain
  std::size_t senders_ = 1;        // streams that sent DATA in the last drain that had any
  std::size_t drain_senders_ = 0;  // the same for this one, so far
  ConnectionCounters counters_;
  TimePoint pinged_;
  std::size_t unsent_bytes_ = 0;
  std::uint64_t data_sent_ = 0;
  std::uint64_t header_blocks_ = 0;
  bool in_header_block_ = false;
  Stream* block_stream_ = nullptr;   // whose header block came last
  Stream* recent_stream_ = nullptr;  // the last of whom something else came or went
  std::int32_t last_request_id_ = 0;
  std::vector<std::pair<std::int32_t, std::int32_t>> skipped_ids_;
  std::vector<Buffer> dropped_;    // buffers of closed streams to which a write in flight may still refer
  bool output_in_flight_ = false;  // what was drained last refers to buffers of streams
  bool peer_ready_ = false;
  bool goaway_received_ = false;
  bool goaway_sent_ = false;
  bool shutting_down_ = false;
  bool pinged_too_much_ = false;
  FloodGuard guard_;
  std::string shutdown_reason_;
  std::string offence_;  // what the peer has done too much of
};

}  // namespace sluice::rpc::http2
