// Stream: one HTTP/2 request and its response, as state to look at and to wait on; sans I/O.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "rpc_core/base/buffer.h"
#include "rpc_core/base/byte_sink.h"
#include "rpc_core/base/fifo.h"
#include "rpc_core/base/metadata.h"
#include "rpc_core/base/pool.h"
#include "rpc_core/base/stop.h"
#include "rpc_core/base/waiter.h"
#include "rpc_core/http2/error.h"

namespace sluice::rpc::http2 {

class Output;
class Session;

// Shared by the session, until HTTP/2 has closed the stream, and by one call, until that is done with it; see
// StreamPtr. The session records what it receives and wakes the waiter; whoever holds the stream then looks at its
// state.
class Stream : public Pooled {
 public:
  Stream(Loop& loop, Session& session) : receive_changed_(loop), send_changed_(loop), loop_(loop), session_(&session) {}
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  // Receiving. Fields as they came, pseudo-header fields (":path") included; 1xx responses are passed over.
  const Metadata* headers() const { return has_headers_ ? &headers_ : nullptr; }
  const Metadata* trailers() const { return has_trailers_ ? &trailers_ : nullptr; }
  // The headers carried END_STREAM: there was no body, and there are no trailers.
  bool headers_only() const { return headers_only_; }
  // A header list beyond the limit: its fields are incomplete.
  bool headers_too_large() const { return headers_too_large_; }
  // END_STREAM came: nothing more will be received.
  bool receive_ended() const { return receive_ended_; }
  // HTTP/2 is done with the stream, well (NoError) or by a reset; a lost connection is told by connection_lost().
  bool closed() const { return closed_; }
  ErrorCode close_code() const { return close_code_; }
  bool connection_lost() const { return connection_lost_; }
  // Client: the peer has not looked at this request, so it may be sent again (RFC 9113 section 8.7): it said so, or the
  // request never left.
  bool unprocessed() const { return unprocessed_; }
  bool never_left() const { return !on_wire_; }
  // Where DATA goes from now on, beginning with what has come already. The sink outlives the stream's use, or is taken
  // back with nullptr.
  void set_sink(ByteSink* sink);
  // The application has taken so many bytes: the peer may send as many more.
  void consumed(std::size_t bytes);
  // Wakes on anything above. Stops when the stream ends by a reset or with its connection.
  Waiter& receive_changed() { return receive_changed_; }
  StopToken reset_token() { return reset_stop_.token(); }

  // Sending. All of it is written at the end of the loop's turn.
  void send_headers(Metadata fields, bool end_stream);
  // One message, as the counters count; or none, if it is empty.
  void send_data(Buffer bytes, bool end_stream);
  // Sends END_STREAM: with the last DATA if that has not gone yet.
  void finish_sending();
  void send_trailers(Metadata fields);
  // Bytes that wait to be sent; send_changed() wakes when they become fewer, and when the stream is closed.
  std::size_t unsent_bytes() const { return unsent_bytes_; }
  // Whether more bytes wait than this stream's part of `most`, which those that are sending share: what is written soon
  // after it was made is still in the processor's cache. It ends with a send_changed().
  bool crowded(std::size_t most) const;
  bool sending_finished() const { return send_finished_; }
  Waiter& send_changed() { return send_changed_; }
  void reset(ErrorCode code);
  // Client, before send_headers(): keeps what is sent until headers come, without a copy, but no more than so many
  // bytes. Then take_replay() gives all of it back, if the stream ends unprocessed(); once.
  void keep_for_replay(std::size_t most_bytes) { replay_limit_ = most_bytes; }
  bool can_replay() const { return unprocessed_ && replay_limit_ != 0; }
  std::vector<Buffer, PoolAllocator<Buffer>> take_replay() { return std::move(replay_); }

  std::int32_t id() const { return id_; }

 private:
  friend class Session;
  friend class SessionCallbacks;
  friend class StreamPtr;

  struct ResetNotice final : Wakeup {
    explicit ResetNotice(Stream& owner) : stream(owner) {}
    void on_wakeup() override;
    Stream& stream;
  };

  // What is to be sent, and how much of it has been; kept for a replay it stays where it is.
  struct Outgoing {
    Buffer bytes;
    std::size_t sent = 0;
  };

  void receive(std::span<const std::byte> bytes);
  void hand_to_sink(std::span<const std::byte> bytes);
  // Moves the next bytes to be sent into the output.
  void write_unsent(Output& output, std::size_t length);
  void stop_keeping();
  void drop_unsent();
  void drop(Buffer bytes);
  // The references outside the session have gone.
  void abandon();
  void release() {
    if (--references_ == 0) abandon();
  }
  void close(ErrorCode code);
  void resume();

  std::uint32_t references_ = 0;
  std::int32_t id_ = -1;
  bool in_session_ = false;
  std::size_t session_index_ = 0;
  bool has_headers_ = false;
  bool has_trailers_ = false;
  bool headers_only_ = false;
  bool headers_too_large_ = false;
  bool receive_ended_ = false;
  bool closed_ = false;
  bool connection_lost_ = false;
  bool unprocessed_ = false;
  std::size_t informational_responses_ = 0;
  bool on_wire_ = false;  // client: the request's headers have been sent
  bool headers_sent_ = false;
  bool send_finished_ = false;  // nothing will be added to unsent_
  bool has_send_trailers_ = false;
  bool deferred_ = false;  // nghttp2 waits for resume_data
  bool end_sent_ = false;
  ErrorCode close_code_ = ErrorCode::NoError;
  Metadata headers_;
  Metadata trailers_;
  Metadata send_headers_;  // nghttp2 refers to them until they are sent
  Metadata send_trailers_;
  Metadata incoming_;                 // the header block that is arriving
  std::uint64_t incoming_bytes_ = 0;  // of it, those that were too many included
  ByteSink* sink_ = nullptr;
  Buffer early_;  // DATA that came before there was a sink
  Fifo<Outgoing> outgoing_;
  std::size_t kept_count_ = 0;  // at the front of outgoing_: sent, and kept for a replay
  std::size_t kept_bytes_ = 0;
  std::size_t replay_limit_ = 0;
  std::vector<Buffer, PoolAllocator<Buffer>> replay_;
  std::size_t unsent_bytes_ = 0;
  std::uint64_t round_ = 0;      // of the session's, in which it last sent
  std::size_t round_bytes_ = 0;  // sent in that round
  std::size_t uncredited_bytes_ = 0;
  Waiter receive_changed_;
  Waiter send_changed_;
  StopSource reset_stop_;
  ResetNotice reset_notice_{*this};
  Loop& loop_;
  Session* session_;
};

// A counted reference to a Stream, for one thread. When the last one outside the session goes, the stream is reset with
// CANCEL if it still runs.
class StreamPtr {
 public:
  StreamPtr() = default;
  explicit StreamPtr(Stream* stream) : stream_(stream) {
    if (stream_ != nullptr) ++stream_->references_;
  }
  StreamPtr(StreamPtr&& other) noexcept : stream_(std::exchange(other.stream_, nullptr)) {}
  StreamPtr& operator=(StreamPtr&& other) noexcept {
    std::swap(stream_, other.stream_);
    return *this;
  }
  ~StreamPtr() {
    if (stream_ != nullptr) stream_->release();
  }

  Stream* operator->() const { return stream_; }
  Stream& operator*() const { return *stream_; }
  Stream* get() const { return stream_; }
  explicit operator bool() const { return stream_ != nullptr; }
  void reset() { StreamPtr().swap(*this); }
  void swap(StreamPtr& other) noexcept { std::swap(stream_, other.stream_); }

 private:
  Stream* stream_ = nullptr;
};

}  // namespace sluice::rpc::http2
