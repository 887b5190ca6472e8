#include "rpc_core/http2/session_callbacks.h"

#include <algorithm>
#include <string_view>

#include "rpc_core/http2/field_list.h"

namespace sluice::rpc::http2 {
namespace {

// Of a request's header block.
constexpr std::size_t kUsualFields = 16;
constexpr std::size_t kUsualFieldBytes = 384;
// RFC 9113 section 6.5.2.
constexpr std::size_t kFieldOverhead = 32;
// A header list that is larger than the limit by this factor is not looked at to its end: a byte of HPACK can stand for
// a field of 4 KB.
constexpr std::uint64_t kExcess = 2;

Session& session_of(void* user) { return *static_cast<Session*>(user); }

std::string_view view(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

bool is_informational(const Metadata& fields) {
  const auto status = fields.get(":status");
  return status && status->size() == 3 && status->front() == '1';
}

}  // namespace

void SessionCallbacks::install(nghttp2_session_callbacks* callbacks) {
  nghttp2_session_callbacks_set_on_begin_frame_callback(callbacks, on_begin_frame);
  nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, on_begin_headers);
  nghttp2_session_callbacks_set_on_header_callback(callbacks, on_header);
  nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, on_frame_recv);
  nghttp2_session_callbacks_set_on_invalid_frame_recv_callback(callbacks, on_invalid_frame);
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, on_data_chunk);
  nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_stream_close);
  nghttp2_session_callbacks_set_on_frame_send_callback(callbacks, on_frame_send);
  nghttp2_session_callbacks_set_send_data_callback(callbacks, send_data);
}

// What comes and goes together is mostly of one stream.
Stream* SessionCallbacks::find(Session& session, std::int32_t id) {
  Stream*& recent = session.recent_stream_;
  if (recent == nullptr || recent->id_ != id) {
    recent = static_cast<Stream*>(nghttp2_session_get_stream_user_data(session.session_, id));
  }
  return recent;
}

int SessionCallbacks::on_begin_frame(nghttp2_session* nghttp2, const nghttp2_frame_hd* header, void* user) {
  Session& session = session_of(user);
  // Our SETTINGS, which go before every request, forbid pushes (RFC 9113 section 8.4).
  const bool is_push = session.role_ == Role::Client && header->type == NGHTTP2_PUSH_PROMISE;
  const bool is_request = session.role_ == Role::Server && header->type == NGHTTP2_HEADERS;
  if (is_push || (is_request && !session.note_request_id(header->stream_id))) {
    nghttp2_session_terminate_session(nghttp2, NGHTTP2_PROTOCOL_ERROR);
  }
  return 0;
}

int SessionCallbacks::on_begin_headers(nghttp2_session*, const nghttp2_frame* frame, void* user) {
  Session& session = session_of(user);
  session.in_header_block_ = true;
  ++session.header_blocks_;
  if (session.role_ == Role::Server && frame->headers.cat == NGHTTP2_HCAT_REQUEST) {
    session.block_stream_ = new Stream(session.loop_, session);
    session.adopt(*session.block_stream_, frame->hd.stream_id);
    return 0;
  }
  session.block_stream_ = find(session, frame->hd.stream_id);
  if (Stream* stream = session.block_stream_) {
    stream->incoming_.clear();
    stream->incoming_bytes_ = 0;
  }
  return 0;
}

int SessionCallbacks::on_header(nghttp2_session*, const nghttp2_frame*, const std::uint8_t* name, std::size_t name_size,
                                const std::uint8_t* value, std::size_t value_size, std::uint8_t, void* user) {
  Session& session = session_of(user);
  Stream* const stream = session.block_stream_;
  if (stream == nullptr) return 0;
  stream->incoming_bytes_ += name_size + value_size + kFieldOverhead;
  if (stream->incoming_bytes_ > session.options_.max_header_list_bytes) {
    stream->headers_too_large_ = true;
    if (stream->incoming_bytes_ <= kExcess * session.options_.max_header_list_bytes) return 0;
    session.in_header_block_ = false;
    return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;  // resets the stream, and decodes the rest without looking at it
  }
  if (stream->incoming_.empty()) stream->incoming_.reserve(kUsualFields, kUsualFieldBytes);
  stream->incoming_.add(view(name, name_size), view(value, value_size));
  return 0;
}

int SessionCallbacks::on_frame_recv(nghttp2_session*, const nghttp2_frame* frame, void* user) {
  Session& session = session_of(user);
  switch (frame->hd.type) {
    case NGHTTP2_SETTINGS:
      if ((frame->hd.flags & NGHTTP2_FLAG_ACK) != 0) return 0;
      session.peer_ready_ = true;
      if (!session.guard_.settings_received(session.loop_.now())) session.calm_down("too_many_settings");
      return 0;
    case NGHTTP2_GOAWAY:
      session.on_goaway(static_cast<ErrorCode>(frame->goaway.error_code),
                        view(frame->goaway.opaque_data, frame->goaway.opaque_data_len));
      return 0;
    case NGHTTP2_PING:
      note_ping(session, frame->ping);
      return 0;
    case NGHTTP2_DATA:
      note_data(session, *frame);
      break;
    case NGHTTP2_HEADERS:
      session.in_header_block_ = false;
      break;
    case NGHTTP2_RST_STREAM:
      if (session.role_ == Role::Client || session.guard_.reset_received(session.loop_.now())) return 0;
      session.calm_down("too_many_resets");
      return 0;
    default:
      return 0;
  }
  Stream* stream = find(session, frame->hd.stream_id);
  if (stream == nullptr) return 0;
  if ((frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0) stream->receive_ended_ = true;
  if (frame->hd.type == NGHTTP2_HEADERS) end_header_block(session, *stream, *frame);
  stream->receive_changed_.notify();
  return 0;
}

int SessionCallbacks::on_invalid_frame(nghttp2_session*, const nghttp2_frame* frame, int, void* user) {
  if (frame->hd.type == NGHTTP2_HEADERS) session_of(user).in_header_block_ = false;
  return 0;
}

void SessionCallbacks::note_data(Session& session, const nghttp2_frame& frame) {
  const std::size_t bytes = frame.hd.length > frame.data.padlen ? frame.hd.length - frame.data.padlen : 0;
  const bool end_stream = (frame.hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
  if (!session.guard_.data_received(bytes, end_stream)) session.calm_down("too_little_data");
}

void SessionCallbacks::note_ping(Session& session, const nghttp2_ping& frame) {
  if ((frame.hd.flags & NGHTTP2_FLAG_ACK) != 0) return session.on_ping_answered(frame.opaque_data);
  const TimePoint now = session.loop_.now();
  const bool fine = session.role_ == Role::Client ? session.guard_.server_ping_received(now)
                                                  : session.guard_.ping_received(now, session.open_streams() != 0);
  if (!fine) session.calm_down("too_many_pings");
}

void SessionCallbacks::end_header_block(Session& session, Stream& stream, const nghttp2_frame& frame) {
  if (session.role_ == Role::Client && is_informational(stream.incoming_)) {
    stream.incoming_.clear();
    const std::size_t most = session.options_.limits.informational_responses;
    if (++stream.informational_responses_ > most) session.calm_down("too_many_informational_responses");
    return;
  }
  if (!stream.has_headers_) {
    stream.headers_ = std::move(stream.incoming_);
    stream.has_headers_ = true;
    stream.headers_only_ = stream.receive_ended_;
  } else {
    stream.trailers_ = std::move(stream.incoming_);
    stream.has_trailers_ = true;
  }
  stream.incoming_.clear();
  stream.stop_keeping();
  if (session.role_ == Role::Server && frame.headers.cat == NGHTTP2_HCAT_REQUEST) {
    session.accepted_.emplace_back(&stream);
  }
}

int SessionCallbacks::on_data_chunk(nghttp2_session* nghttp2, std::uint8_t, std::int32_t id, const std::uint8_t* data,
                                    std::size_t size, void* user) {
  nghttp2_session_consume_connection(nghttp2, size);
  if (Stream* stream = find(session_of(user), id)) {
    stream->receive(std::as_bytes(std::span(data, size)));
  } else {
    nghttp2_session_consume_stream(nghttp2, id, size);
  }
  return 0;
}

int SessionCallbacks::on_stream_close(nghttp2_session*, std::int32_t id, std::uint32_t code, void* user) {
  Session& session = session_of(user);
  Stream* stream = find(session, id);
  if (stream == nullptr) return 0;
  if (code == NGHTTP2_REFUSED_STREAM && session.role_ == Role::Client) stream->unprocessed_ = true;
  stream->close(static_cast<ErrorCode>(code));
  session.forget(*stream);
  return 0;
}

// Those that the peer's frames made us send: our own calls end with CANCEL or NO_ERROR.
void SessionCallbacks::note_reset_sent(Session& session, const nghttp2_rst_stream& frame) {
  const std::uint32_t code = frame.error_code;
  if (code == NGHTTP2_CANCEL || code == NGHTTP2_NO_ERROR) return;
  const TimePoint now = session.loop_.now();
  const bool fine =
      code == NGHTTP2_REFUSED_STREAM ? session.guard_.stream_refused(now) : session.guard_.reset_sent(now);
  if (!fine) session.calm_down("too_many_resets");
}

int SessionCallbacks::on_frame_send(nghttp2_session* nghttp2, const nghttp2_frame* frame, void* user) {
  Session& session = session_of(user);
  if (frame->hd.type == NGHTTP2_HEADERS && frame->headers.cat == NGHTTP2_HCAT_REQUEST) {
    if (Stream* stream = find(session, frame->hd.stream_id)) {
      stream->on_wire_ = true;
      stream->send_headers_ = Metadata();  // packed: the next request gets the memory while it is in the cache
    }
  }
  if (frame->hd.type == NGHTTP2_GOAWAY) session.on_goaway_sent();
  if (frame->hd.type == NGHTTP2_HEADERS || frame->hd.type == NGHTTP2_DATA) session.guard_.useful_frame_sent();
  if (frame->hd.type == NGHTTP2_RST_STREAM) note_reset_sent(session, frame->rst_stream);
  const bool carries_end = (frame->hd.type == NGHTTP2_HEADERS || frame->hd.type == NGHTTP2_DATA) &&
                           (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
  if (!carries_end) return 0;
  Stream* stream = find(session, frame->hd.stream_id);
  if (stream == nullptr) return 0;
  stream->end_sent_ = true;
  // The answer is complete and the client still sends: it may stop (RFC 9113 section 8.1).
  if (session.role_ == Role::Server && !stream->receive_ended_) {
    nghttp2_submit_rst_stream(nghttp2, NGHTTP2_FLAG_NONE, frame->hd.stream_id, NGHTTP2_NO_ERROR);
  }
  return 0;
}

ssize_t SessionCallbacks::read_data(nghttp2_session* nghttp2, std::int32_t id, std::uint8_t*, std::size_t length,
                                    std::uint32_t* flags, nghttp2_data_source* source, void* user) {
  auto& stream = *static_cast<Stream*>(source->ptr);
  const bool nothing_yet = stream.unsent_bytes_ == 0 && !stream.send_finished_;
  if (nothing_yet || session_of(user).share_used_up(stream)) {
    stream.deferred_ = true;
    return NGHTTP2_ERR_DEFERRED;
  }
  const std::size_t count = std::min(length, stream.unsent_bytes_);
  stream.round_bytes_ += count;
  *flags |= NGHTTP2_DATA_FLAG_NO_COPY;
  if (stream.send_finished_ && count == stream.unsent_bytes_) {
    *flags |= NGHTTP2_DATA_FLAG_EOF;
    if (stream.has_send_trailers_) {
      *flags |= NGHTTP2_DATA_FLAG_NO_END_STREAM;
      const auto fields = session_of(user).fields_->assign(stream.send_trailers_);
      nghttp2_submit_trailer(nghttp2, id, fields.data(), fields.size());
    }
  }
  return static_cast<ssize_t>(count);
}

int SessionCallbacks::send_data(nghttp2_session*, nghttp2_frame*, const std::uint8_t* header, std::size_t length,
                                nghttp2_data_source* source, void* user) {
  Session& session = session_of(user);
  constexpr std::size_t kFrameHeaderBytes = 9;
  session.output_->append(std::as_bytes(std::span(header, kFrameHeaderBytes)));
  static_cast<Stream*>(source->ptr)->write_unsent(*session.output_, length);
  return 0;
}

}  // namespace sluice::rpc::http2
