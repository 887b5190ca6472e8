#include "rpc_core/http2/session.h"

#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <new>
#include <string>

#include "rpc_core/http2/field_list.h"
#include "rpc_core/http2/pooled_memory.h"
#include "rpc_core/http2/session_callbacks.h"

namespace sluice::rpc::http2 {
namespace {

// What one stream sends before the others have their turn.
constexpr std::size_t kShareBytes = 32 * 1024;
// How many gaps a client may leave in its stream ids.
constexpr std::size_t kMostIdGaps = 64;
// What tells the answers to our PINGs apart.
constexpr std::uint8_t kShutdownPing[] = {'s', 'h', 'u', 't', 'd', 'o', 'w', 'n'};
constexpr std::uint8_t kKeepalivePing[] = {'k', 'e', 'e', 'p', 'a', 'l', 'i', 'v'};
// nghttp2's own limits: resets at once and a second (FloodGuard has stricter ones), frames of one header block, entries
// of one SETTINGS frame, and answers that wait to be sent.
constexpr std::uint64_t kResetBurst = 10'000;
constexpr std::uint64_t kResetsPerSecond = 1000;
constexpr std::size_t kMostContinuations = 8;
constexpr std::size_t kMostSettings = 32;
constexpr std::size_t kMostUnsentAnswers = 1000;

struct CallbacksDeleter {
  void operator()(nghttp2_session_callbacks* callbacks) const { nghttp2_session_callbacks_del(callbacks); }
};
struct OptionDeleter {
  void operator()(nghttp2_option* option) const { nghttp2_option_del(option); }
};

void create(nghttp2_session*& session, Role role, Session* self) {
  nghttp2_session_callbacks* raw_callbacks = nullptr;
  nghttp2_option* raw_option = nullptr;
  if (nghttp2_session_callbacks_new(&raw_callbacks) != 0) throw std::bad_alloc();
  const std::unique_ptr<nghttp2_session_callbacks, CallbacksDeleter> callbacks(raw_callbacks);
  SessionCallbacks::install(callbacks.get());
  if (nghttp2_option_new(&raw_option) != 0) throw std::bad_alloc();
  const std::unique_ptr<nghttp2_option, OptionDeleter> option(raw_option);
  nghttp2_option_set_no_auto_window_update(option.get(), 1);
  nghttp2_option_set_stream_reset_rate_limit(option.get(), kResetBurst, kResetsPerSecond);
  nghttp2_option_set_max_continuations(option.get(), kMostContinuations);
  nghttp2_option_set_max_settings(option.get(), kMostSettings);
  nghttp2_option_set_max_outbound_ack(option.get(), kMostUnsentAnswers);
  const auto start = role == Role::Client ? nghttp2_session_client_new3 : nghttp2_session_server_new3;
  const int error = start(&session, callbacks.get(), self, option.get(), pooled_memory());
  if (error != 0) throw std::bad_alloc();
}

Status broken(int error) {
  return Status(StatusCode::Internal, "HTTP/2 connection error: " + std::string(nghttp2_strerror(error)))
      .with_origin(Status::Origin::Transport);
}

}  // namespace

Session::Session(Loop& loop, Role role, const SessionOptions& options, Wakeup& flush)
    : loop_(loop),
      role_(role),
      options_(options),
      flush_(flush),
      fields_(std::make_unique<FieldList>()),
      guard_(options.limits, loop.now()) {
  create(session_, role, this);
  std::vector<nghttp2_settings_entry> settings = {
      {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, options.stream_window_bytes},
      {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, options.max_header_list_bytes},
      {NGHTTP2_SETTINGS_MAX_FRAME_SIZE, options.max_frame_bytes},
  };
  if (role == Role::Client) {
    settings.push_back({NGHTTP2_SETTINGS_ENABLE_PUSH, 0});
  } else {
    settings.push_back({NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, options.max_concurrent_streams});
  }
  nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, settings.data(), settings.size());
  nghttp2_session_set_local_window_size(session_, NGHTTP2_FLAG_NONE, 0,
                                        static_cast<std::int32_t>(options.connection_window_bytes));
  mark_dirty();
}

Session::~Session() {
  connection_lost();
  nghttp2_session_del(session_);
}

Result<void> Session::feed(std::span<const std::byte> bytes) {
  const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
  counters_.bytes_received += bytes.size();
  const ssize_t taken = nghttp2_session_mem_recv(session_, data, bytes.size());
  mark_dirty();
  if (taken < 0) {
    if (taken == NGHTTP2_ERR_FLOODED || taken == NGHTTP2_ERR_TOO_MANY_CONTINUATIONS)
      terminate(ErrorCode::EnhanceYourCalm);
    if (taken == NGHTTP2_ERR_BAD_CLIENT_MAGIC) terminate(ErrorCode::ProtocolError);
    return fail(broken(static_cast<int>(taken)));
  }
  if (nghttp2_session_get_outbound_queue_size(session_) > options_.limits.unsent_frames) {
    calm_down("too_many_unsent_frames");
  }
  if (!offence_.empty()) {
    return fail(
        Status(StatusCode::Unavailable, "the peer sent too much: " + offence_).with_origin(Status::Origin::Transport));
  }
  return {};
}

Result<void> Session::drain(Output& output, std::size_t limit) {
  dropped_.clear();
  drain_round_ = round_ + 1;
  drain_senders_ = 0;
  output_ = &output;
  Result<void> result;
  for (std::size_t before = output.size() + 1; result && output.size() < limit && output.size() != before;) {
    before = output.size();
    begin_round();
    result = pull(output, limit);
  }
  if (drain_senders_ != 0) senders_ = drain_senders_;
  output_ = nullptr;
  output_in_flight_ = output.has_references();
  return result;
}

Result<void> Session::pull(Output& output, std::size_t limit) {
  while (output.size() < limit) {
    const std::uint8_t* data = nullptr;
    const std::size_t before = output.size();
    const ssize_t size = nghttp2_session_mem_send(session_, &data);
    if (size < 0) return fail(broken(static_cast<int>(size)));
    if (size == 0 && output.size() == before) return {};
    output.append(std::as_bytes(std::span(data, static_cast<std::size_t>(size))));
  }
  return {};
}

bool Session::share_used_up(Stream& stream) {
  if (stream.round_ < drain_round_) ++drain_senders_;
  if (stream.round_ != round_) {
    stream.round_ = round_;
    stream.round_bytes_ = 0;
  }
  if (stream.round_bytes_ < kShareBytes) return false;
  yielded_.push_back(stream.id_);
  return true;
}

void Session::begin_round() {
  ++round_;
  for (const std::int32_t id : yielded_) {
    auto* stream = static_cast<Stream*>(nghttp2_session_get_stream_user_data(session_, id));
    if (stream == nullptr || !stream->deferred_) continue;
    stream->deferred_ = false;
    nghttp2_session_resume_data(session_, id);
  }
  yielded_.clear();
}

void Session::mark_dirty() { loop_.post_last(flush_); }

void Session::submit_headers(Stream& stream, bool end_stream) {
  const auto fields = fields_->assign(stream.send_headers_);
  nghttp2_data_provider provider{{.ptr = &stream}, SessionCallbacks::read_data};
  const nghttp2_data_provider* body = end_stream ? nullptr : &provider;
  mark_dirty();
  if (role_ == Role::Server) {
    nghttp2_submit_response(session_, stream.id_, fields.data(), fields.size(), body);
    return;
  }
  const std::int32_t id = nghttp2_submit_request(session_, nullptr, fields.data(), fields.size(), body, &stream);
  if (id < 0) {
    stream.replay_limit_ = 0;
    stream.close(ErrorCode::RefusedStream);
    return;
  }
  adopt(stream, id);
}

StreamPtr Session::open() { return StreamPtr(new Stream(loop_, *this)); }

StreamPtr Session::accept() {
  if (accepted_.empty()) return {};
  StreamPtr stream = std::move(accepted_.front());
  accepted_.pop_front();
  return stream;
}

void Session::adopt(Stream& stream, std::int32_t id) {
  stream.id_ = id;
  stream.in_session_ = true;
  stream.session_index_ = streams_.size();
  ++counters_.streams_started;
  streams_.push_back(&stream);
  if (role_ == Role::Server) nghttp2_session_set_stream_user_data(session_, id, &stream);
}

// HTTP/2 is done with the stream; whoever still looks at it keeps it.
void Session::forget(Stream& stream) {
  const bool was_reset = stream.connection_lost_ || stream.close_code_ != ErrorCode::NoError;
  ++(was_reset ? counters_.streams_reset : counters_.streams_finished);
  streams_.back()->session_index_ = stream.session_index_;
  streams_[stream.session_index_] = streams_.back();
  streams_.pop_back();
  if (block_stream_ == &stream) block_stream_ = nullptr;
  if (recent_stream_ == &stream) recent_stream_ = nullptr;
  stream.in_session_ = false;
  stream.session_ = nullptr;
  if (stream.references_ == 0) delete &stream;
}

void Session::give_up_queued() {
  if (role_ == Role::Server) return;
  for (Stream* stream : streams_) {
    if (stream->on_wire_ || stream->closed_) continue;
    stream->unprocessed_ = true;
    stream->close(ErrorCode::RefusedStream);
  }
}

void Session::connection_lost() {
  accepted_.clear();
  while (!streams_.empty()) {
    Stream& stream = *streams_.back();
    if (!stream.closed_) stream.connection_lost_ = true;
    if (role_ == Role::Client && !stream.on_wire_) stream.unprocessed_ = true;
    stream.close(ErrorCode::Cancel);
    forget(stream);
  }
}

bool Session::note_request_id(std::int32_t id) {
  if (id % 2 == 0) return true;  // nghttp2 refuses these itself
  if (id > last_request_id_) {
    const std::int32_t expected = last_request_id_ == 0 ? 1 : last_request_id_ + 2;
    if (id > expected) {
      if (skipped_ids_.size() == kMostIdGaps) skipped_ids_.erase(skipped_ids_.begin());
      skipped_ids_.emplace_back(expected, id - 2);
    }
    last_request_id_ = id;
    return true;
  }
  return std::ranges::none_of(skipped_ids_, [id](const auto& gap) { return id >= gap.first && id <= gap.second; });
}

bool Session::can_open() const {
  return !goaway_received_ && !goaway_sent_ && !shutting_down_ &&
         nghttp2_session_get_next_stream_id(session_) <= options_.last_stream_id;
}

bool Session::finished() const {
  if (nghttp2_session_want_write(session_) != 0) return false;
  return nghttp2_session_want_read(session_) == 0 ||
         ((goaway_sent_ || goaway_received_) && std::ranges::all_of(streams_, &Stream::closed));
}

void Session::shut_down(std::string_view reason) {
  if (shutting_down_ || goaway_sent_) return;
  shutting_down_ = true;
  shutdown_reason_ = reason;
  nghttp2_submit_shutdown_notice(session_);
  mark_dirty();
}

void Session::on_goaway_sent() {
  if (shutting_down_ && !goaway_sent_) nghttp2_submit_ping(session_, NGHTTP2_FLAG_NONE, kShutdownPing);
}

void Session::on_ping_answered(const std::uint8_t* payload) {
  if (std::equal(std::begin(kShutdownPing), std::end(kShutdownPing), payload)) return finish_notice();
  if (counters_.pings_sent != 0) counters_.rtt = loop_.now() - pinged_;
}

void Session::finish_notice() {
  if (!shutting_down_ || goaway_sent_) return;
  goaway_sent_ = true;
  nghttp2_submit_goaway(session_, NGHTTP2_FLAG_NONE, nghttp2_session_get_last_proc_stream_id(session_),
                        NGHTTP2_NO_ERROR, reinterpret_cast<const std::uint8_t*>(shutdown_reason_.data()),
                        shutdown_reason_.size());
  mark_dirty();
}

void Session::ping() {
  nghttp2_submit_ping(session_, NGHTTP2_FLAG_NONE, kKeepalivePing);
  ++counters_.pings_sent;
  pinged_ = loop_.now();
  mark_dirty();
}

void Session::on_goaway(ErrorCode code, std::string_view reason) {
  goaway_received_ = true;
  if (code == ErrorCode::EnhanceYourCalm && reason == "too_many_pings") pinged_too_much_ = true;
  give_up_queued();
}

void Session::calm_down(std::string_view reason) {
  if (!offence_.empty()) return;
  offence_ = reason;
  goaway_sent_ = true;
  nghttp2_submit_goaway(session_, NGHTTP2_FLAG_NONE, nghttp2_session_get_last_proc_stream_id(session_),
                        NGHTTP2_ENHANCE_YOUR_CALM, reinterpret_cast<const std::uint8_t*>(offence_.data()),
                        offence_.size());
  mark_dirty();
}

void Session::terminate(ErrorCode code) {
  goaway_sent_ = true;
  if (!offence_.empty()) return mark_dirty();
  nghttp2_session_terminate_session(session_, static_cast<std::uint32_t>(code));
  mark_dirty();
}

}  // namespace sluice::rpc::http2
