#include "rpc_core/server/http2_server_call.h"

#include <utility>

#include "rpc_core/server/server.h"
#include "rpc_core/wire/metadata_codec.h"
#include "rpc_core/wire/status_trailers.h"

namespace sluice::rpc {
namespace {

const Metadata kNoMetadata;
// What every response begins with; more of it is an encoding.
const Metadata kResponseHead = {
    {":status", "200"}, {"content-type", "application/grpc"}, {"grpc-accept-encoding", kAcceptedCompressions}};
constexpr std::size_t kMoreFields = 1;
constexpr std::size_t kMoreBytes = 32;
// Of the status, about.
constexpr std::size_t kStatusFields = 2;
constexpr std::size_t kStatusBytes = 64;

// A response's head, with room for so much more.
Metadata response_head(std::size_t fields, std::size_t bytes) {
  Metadata block;
  block.reserve(kResponseHead.size() + fields, kResponseHead.bytes() + bytes);
  block.add_all(kResponseHead);
  return block;
}

}  // namespace

Http2ServerCall::Http2ServerCall(Loop& loop, http2::StreamPtr stream, const CallHead& head,
                                 const ServerOptions& options, StopToken parent)
    : loop_(loop),
      stream_(std::move(stream)),
      options_(options),
      accepted_encodings_(head.accepted_encodings),
      receiver_(options.max_receive_bytes),
      stop_(parent),
      reset_notice_(*this) {
  info_.path = head.path;
  info_.authority = head.authority;
  info_.metadata = metadata_of_block(*stream_->headers());
  receiver_.set_encoding(head.encoding);
  stream_->set_sink(&receiver_);
  reset_notice_.listen(stream_->reset_token());
  if (head.timeout) {
    info_.deadline = deadline_after(loop.now(), *head.timeout);
    loop.schedule(deadline_timer_, *info_.deadline);
  }
}

Http2ServerCall::~Http2ServerCall() { stream_->set_sink(nullptr); }

void Http2ServerCall::set_peer(std::string_view address, const PeerIdentity* identity) {
  info_.peer = address;
  info_.peer_identity = identity;
}

Task<std::optional<Buffer>> Http2ServerCall::read() {
  while (receive_status_.ok()) {
    std::optional<Result<Buffer>> message = receiver_.next();
    stream_->consumed(receiver_.take_credit());
    if (message && *message) co_return std::move(**message);
    if (message) {
      receive_failed(std::move(message->error()));
    } else if (over()) {
      receive_status_ = Status(StatusCode::Cancelled, "the call is over");
    } else if (stream_->receive_ended()) {
      if (!receiver_.at_boundary()) receive_failed(Status(StatusCode::Internal, "the request ended inside a message"));
      co_return std::nullopt;
    } else if (bool notified = co_await stream_->receive_changed().wait(); !notified) {
      receive_status_ = Status(StatusCode::Cancelled, "the call was cancelled");
    }
  }
  co_return std::nullopt;
}

void Http2ServerCall::send_response_headers(const Metadata& metadata) {
  headers_sent_ = true;
  Metadata block = response_head(metadata.size() + kMoreFields, metadata.bytes() + kMoreBytes);
  if (compression_ != Compression::Identity) block.add("grpc-encoding", compression_name(compression_));
  append_to_block(metadata, block);
  stream_->send_headers(std::move(block), false);
}

Task<bool> Http2ServerCall::send_headers(const Metadata& metadata) {
  if (!over() && !headers_sent_) send_response_headers(metadata);
  co_return !over();
}

bool Http2ServerCall::set_compression(std::string_view name) {
  const auto known = compression_from_name(name);
  if (!known || headers_sent_ || !accepts_compression(accepted_encodings_, *known)) return false;
  compression_ = *known;
  return true;
}

Task<bool> Http2ServerCall::write(Buffer message, WriteOptions options) {
  if (over()) co_return false;
  if (!headers_sent_) send_response_headers(kNoMetadata);
  const bool compressed = options.compress && compression_ != Compression::Identity && !message.empty();
  if (compressed) message = compress(message.bytes(), compression_);
  prepend_prefix(message, compressed);
  stream_->send_data(std::move(message), false);
  while (!over() && stream_->crowded(options_.send_buffer_bytes)) {
    if (bool notified = co_await stream_->send_changed().wait(); !notified) break;
  }
  co_return !over();
}

Task<void> Http2ServerCall::finish(Status status, const Metadata& trailers) {
  send_status(receive_status_.ok() || receive_status_.code() == StatusCode::Cancelled ? status : receive_status_,
              trailers);
  co_return;
}

void Http2ServerCall::send_status(const Status& status, const Metadata& trailers) {
  if (over()) return;
  finished_ = true;
  deadline_timer_.cancel();
  const std::size_t fields = kStatusFields + trailers.size();
  const std::size_t bytes = kStatusBytes + trailers.bytes();
  Metadata block;
  if (headers_sent_) {
    block.reserve(fields, bytes);
  } else {
    block = response_head(fields, bytes);
  }
  append_status(status, block);
  append_to_block(trailers, block);
  if (headers_sent_) {
    stream_->send_trailers(std::move(block));
  } else {
    stream_->send_headers(std::move(block), true);
  }
}

void Http2ServerCall::receive_failed(Status status) {
  receive_status_ = std::move(status);
  send_status(receive_status_, kNoMetadata);
  stop_.request_stop();
}

void Http2ServerCall::deadline_passed() {
  send_status(Status(StatusCode::DeadlineExceeded, "the deadline passed"), kNoMetadata);
  stop_.request_stop();
}

void Http2ServerCall::handler_ended(std::string thrown) {
  if (over()) return;
  if (thrown.empty()) thrown = "the handler ended without a status";
  send_status(Status(StatusCode::Unknown, std::move(thrown)), kNoMetadata);
}

}  // namespace sluice::rpc
