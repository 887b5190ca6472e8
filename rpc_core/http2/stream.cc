#include "rpc_core/http2/stream.h"

#include <nghttp2/nghttp2.h>

#include <algorithm>

#include "rpc_core/http2/session.h"

namespace sluice::rpc::http2 {
namespace {

// Larger pieces are referred to in the write, smaller ones copied beside their frame header.
constexpr std::size_t kCopyBelow = 4096;
// A stream's part of what may wait on a connection, however many others send.
constexpr std::size_t kLeastShare = 16 * 1024;

}  // namespace

void Stream::ResetNotice::on_wakeup() { stream.reset_stop_.request_stop(); }

void Stream::set_sink(ByteSink* sink) {
  sink_ = sink;
  if (sink == nullptr || early_.empty()) return;
  const Buffer early = std::move(early_);
  hand_to_sink(early.bytes());
}

void Stream::hand_to_sink(std::span<const std::byte> bytes) {
  const std::size_t free = sink_->receive(bytes);
  if (session_ != nullptr) session_->counters_.messages_received += sink_->take_completed();
  consumed(free);
}

void Stream::receive(std::span<const std::byte> bytes) {
  uncredited_bytes_ += bytes.size();
  if (sink_ != nullptr) {
    hand_to_sink(bytes);
  } else if (references_ != 0) {
    early_.append(bytes);
  } else {
    consumed(bytes.size());
  }
  receive_changed_.notify();
}

void Stream::consumed(std::size_t bytes) {
  bytes = std::min(bytes, uncredited_bytes_);
  uncredited_bytes_ -= bytes;
  if (session_ == nullptr || closed_ || receive_ended_ || bytes == 0) return;
  nghttp2_session_consume_stream(session_->session_, id_, bytes);
  if (nghttp2_session_want_write(session_->session_) != 0) session_->mark_dirty();
}

void Stream::send_headers(Metadata fields, bool end_stream) {
  if (session_ == nullptr || closed_ || headers_sent_) return;
  headers_sent_ = true;
  if (end_stream) send_finished_ = true;
  send_headers_ = std::move(fields);
  session_->submit_headers(*this, end_stream);
}

void Stream::send_data(Buffer bytes, bool end_stream) {
  if (session_ == nullptr || closed_ || send_finished_) return;
  unsent_bytes_ += bytes.size();
  session_->unsent_bytes_ += bytes.size();
  if (!bytes.empty()) {
    ++session_->counters_.messages_sent;
    outgoing_.push_back({std::move(bytes), 0});
  }
  send_finished_ = end_stream;
  resume();
}

bool Stream::crowded(std::size_t most) const {
  const std::size_t share = session_ != nullptr ? std::max(kLeastShare, most / session_->senders_) : most;
  return unsent_bytes_ > std::min(most, share);
}

void Stream::finish_sending() {
  if (send_finished_) return;
  send_finished_ = true;
  resume();
}

void Stream::send_trailers(Metadata fields) {
  if (session_ == nullptr || closed_ || send_finished_) return;
  send_trailers_ = std::move(fields);
  has_send_trailers_ = true;
  finish_sending();
}

void Stream::resume() {
  if (session_ == nullptr || closed_ || !headers_sent_) return;
  if (deferred_) {
    deferred_ = false;
    nghttp2_session_resume_data(session_->session_, id_);
  }
  session_->mark_dirty();
}

void Stream::reset(ErrorCode code) {
  if (session_ == nullptr || closed_) return;
  send_finished_ = true;
  if (id_ < 0) return close(code);
  replay_limit_ = 0;
  nghttp2_submit_rst_stream(session_->session_, NGHTTP2_FLAG_NONE, id_, static_cast<std::uint32_t>(code));
  session_->mark_dirty();
  if (session_->role_ == Role::Client && !on_wire_) close(code);
}

// A server that has said everything lets the session send it; otherwise the peer is told that nobody listens any more.
void Stream::abandon() {
  sink_ = nullptr;
  if (!in_session_) {
    delete this;
    return;
  }
  if (closed_) return;
  consumed(uncredited_bytes_);
  if (session_->role_ == Role::Server ? send_finished_ : (receive_ended_ && send_finished_)) return;
  reset(receive_ended_ && session_->role_ == Role::Client ? ErrorCode::NoError : ErrorCode::Cancel);
}

void Stream::close(ErrorCode code) {
  if (closed_) return;
  closed_ = true;
  close_code_ = code;
  send_finished_ = true;
  drop_unsent();
  receive_changed_.notify();
  send_changed_.notify();
  const bool good = code == ErrorCode::NoError && receive_ended_ && !connection_lost_;
  if (!good && references_ != 0) loop_.post(reset_notice_);
}

void Stream::write_unsent(Output& output, std::size_t length) {
  unsent_bytes_ -= length;
  session_->unsent_bytes_ -= length;
  session_->data_sent_ += length;
  while (length > 0) {
    Outgoing& front = outgoing_[kept_count_];
    const auto piece = front.bytes.bytes().first(std::min(length, front.bytes.size()));
    const bool copy = piece.size() < kCopyBelow;
    if (copy) {
      output.append(piece);
    } else {
      output.append_reference(piece);
    }
    length -= piece.size();
    front.bytes.remove_prefix(piece.size());
    front.sent += piece.size();
    if (!front.bytes.empty()) continue;
    kept_bytes_ += front.sent;
    if (kept_bytes_ > replay_limit_) stop_keeping();
    if (replay_limit_ != 0) {
      ++kept_count_;
      continue;
    }
    if (!copy || output.has_references()) output.retain(std::move(front.bytes));
    outgoing_.pop_front();
  }
  send_changed_.notify();
}

void Stream::stop_keeping() {
  replay_limit_ = 0;
  for (; kept_count_ != 0; --kept_count_) {
    drop(std::move(outgoing_.front().bytes));
    outgoing_.pop_front();
  }
}

// A write that is going on may still refer to the bytes.
void Stream::drop(Buffer bytes) {
  if (session_ != nullptr && session_->output_in_flight()) session_->dropped_.push_back(std::move(bytes));
}

void Stream::drop_unsent() {
  const bool in_use = session_ != nullptr && session_->output_in_flight();
  for (Outgoing& each : outgoing_) {
    if (can_replay()) {
      each.bytes.prepend(each.sent);
      replay_.push_back(in_use ? Buffer::copy_of(each.bytes.bytes()) : std::move(each.bytes));
    }
    drop(std::move(each.bytes));
  }
  outgoing_.clear();
  kept_count_ = 0;
  if (session_ != nullptr) session_->unsent_bytes_ -= unsent_bytes_;
  unsent_bytes_ = 0;
}

}  // namespace sluice::rpc::http2
