#include "rpc_core/client/client_call.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "rpc_core/client/channel.h"
#include "rpc_core/wire/metadata_codec.h"
#include "rpc_core/wire/status_trailers.h"
#include "rpc_core/wire/timeout.h"

namespace sluice::rpc {
namespace {

using http2::ErrorCode;

// What a call keeps of its messages until the response begins, in case that the server has not looked at it.
constexpr std::size_t kMostReplayBytes = 256 * 1024;
constexpr std::size_t kMostStreams = 8;
// For the path, the timeout and the encoding.
constexpr std::size_t kMoreFields = 3;
constexpr std::size_t kMoreBytes = 64;
constexpr std::string_view kTimeoutKey = "grpc-timeout";

std::optional<TimePoint> earlier(const CallOptions& options, TimePoint now) {
  if (!options.timeout) return options.deadline;
  const TimePoint end = deadline_after(now, *options.timeout);
  return options.deadline ? std::min(end, *options.deadline) : end;
}

Status transport(StatusCode code, std::string message) {
  return Status(code, std::move(message)).with_origin(Status::Origin::Transport);
}

Status too_large(std::size_t bytes, std::size_t limit) {
  return Status(StatusCode::ResourceExhausted, "message of " + std::to_string(bytes) +
                                                   " bytes to send, larger than the limit of " + std::to_string(limit));
}

bool is_grpc(std::string_view content_type) {
  constexpr std::string_view kGrpc = "application/grpc";
  if (!content_type.starts_with(kGrpc)) return false;
  content_type.remove_prefix(kGrpc.size());
  return content_type.empty() || content_type.front() == '+' || content_type.front() == ';';
}

bool is_grpc_proto(std::string_view content_type) {
  const std::string_view rest = content_type.substr(std::min(content_type.size(), std::size_t{16}));
  return is_grpc(content_type) &&
         (rest.empty() || rest.front() == ';' || rest == "+proto" || rest.starts_with("+proto;"));
}

// Headers or trailers: what there is of them is incomplete.
Status header_list_too_large() {
  return Status(StatusCode::ResourceExhausted, "the response's header list is larger than the limit");
}

}  // namespace

ClientCall::ClientCall(Channel& channel, std::string_view path, const CallOptions& options)
    : ClientCall(channel, path, options, channel.loop().now()) {}

ClientCall::ClientCall(Channel& channel, std::string_view path, const CallOptions& options, TimePoint now)
    : channel_(channel),
      deadline_(earlier(options, now)),
      compression_(channel.options().compression),
      wait_for_ready_(options.wait_for_ready.value_or(false)),
      max_send_bytes_(options.max_send_bytes != 0 ? options.max_send_bytes : channel.options().max_send_bytes),
      credentials_(options.credentials),
      receiver_(options.max_receive_bytes != 0 ? options.max_receive_bytes : channel.options().max_receive_bytes),
      opened_(channel.loop()) {
  ++channel_.calls_.calls_started;
  if (!options.compression.empty()) {
    const auto named = compression_from_name(options.compression);
    if (named) {
      compression_ = *named;
    } else {
      status_ = Status(StatusCode::Internal, "compression: expected gzip, deflate or identity, got \"" +
                                                 std::string(options.compression) + "\"");
    }
  }
  write_block(path, options.metadata);
  if (!deadline_) return;
  if (*deadline_ <= now) {
    deadline_passed();
  } else {
    channel.loop().schedule(deadline_timer_, *deadline_);
  }
}

ClientCall::~ClientCall() {
  ++(status_ && status_->ok() ? channel_.calls_.calls_succeeded : channel_.calls_.calls_failed);
  if (stream_) stream_->set_sink(nullptr);
}

bool ClientCall::open_now() {
  if (status_ || opening_ || credentials_ != nullptr) return false;
  http2::Connection* const connection = channel_.pick().ready_connection();
  if (connection != nullptr) start_stream(*connection);
  return connection != nullptr;
}

Task<bool> ClientCall::open() {
  while (!status_ && !is_open()) {
    if (opening_) {
      co_await opened_.wait_through_stop();
      continue;
    }
    opening_ = true;
    Subchannel& subchannel = channel_.pick();
    http2::Connection* connection = subchannel.ready_connection();
    if (connection == nullptr) {
      Result<http2::Connection*> result = co_await subchannel.connection(wait_for_ready_).with_stop(over_.token());
      if (!result) end(std::move(result.error()));
      if (!status_) connection = *result;
    }
    const bool asked = credentials_ != nullptr && !status_;
    if (asked) co_await authorize();
    opening_ = false;
    // While the credentials were asked the connection may have gone.
    if (!status_ && !asked) start_stream(*connection);
    opened_.notify();
  }
  co_return !status_;
}

Task<bool> ClientCall::authorize() {
  const CallCredentials& credentials = *std::exchange(credentials_, nullptr);
  if (!channel_.options().tls && !channel_.options().credentials_over_plain_text) {
    end(Status(StatusCode::Unauthenticated,
               "the call has credentials, and the channel would send them in plain text: expected TLS, or "
               "credentials_over_plain_text"));
    co_return false;
  }
  const CallTarget target{channel_.authority(), std::string(block_.get(":path").value_or(""))};
  const Result<Metadata> given = co_await ask_credentials(credentials, target).with_stop(over_.token());
  if (!given) {
    end(given.error());
  } else {
    append_to_block(*given, block_);
  }
  co_return !status_;
}

void ClientCall::start_stream(http2::Connection& connection) {
  const Duration left = deadline_ ? *deadline_ - channel_.loop().now() : Duration::max();
  if (left <= Duration::zero()) return deadline_passed();
  http2::StreamPtr next = connection.open();
  next->set_sink(&receiver_);
  next->keep_for_replay(kMostReplayBytes);
  if (deadline_) {
    if (stream_) block_.remove(kTimeoutKey);
    block_.add(kTimeoutKey, format_timeout(left));
  }
  next->send_headers(block_, false);
  if (stream_) {
    refused_ = refused_ || !stream_->never_left();
    stream_->set_sink(nullptr);
    for (Buffer& each : stream_->take_replay()) next->send_data(std::move(each), false);
    if (writing_finished_) next->finish_sending();
    replaced_.push_back(std::move(stream_));
  }
  stream_ = std::move(next);
}

// As often as requests do not leave, within reason; once when the server has refused it.
bool ClientCall::may_replace_stream() const {
  if (!stream_->closed() || !stream_->can_replay() || stream_->headers() != nullptr) return false;
  return stream_->never_left() ? replaced_.size() < kMostStreams : !refused_;
}

void ClientCall::write_block(std::string_view path, const Metadata* metadata) {
  const Metadata& common = channel_.common_fields();
  const bool more = metadata != nullptr;
  block_.reserve(common.size() + kMoreFields + (more ? metadata->size() : 0),
                 common.bytes() + path.size() + kMoreBytes + (more ? metadata->bytes() : 0));
  block_.add(":path", path);
  block_.add_all(common);
  if (compression_ != Compression::Identity) block_.add("grpc-encoding", compression_name(compression_));
  if (more) append_to_block(*metadata, block_);
}

Task<bool> ClientCall::write(Buffer message, WriteOptions options) {
  const StopToken token = co_await current_stop();
  const StopCallback on_stop(token, [this] { stopped(); });
  if (!is_open() && !open_now()) co_await open();
  if (message.size() > max_send_bytes_) end(too_large(message.size(), max_send_bytes_));
  if (status_) co_return false;
  const bool compressed = options.compress && compression_ != Compression::Identity && !message.empty();
  if (compressed) message = compress(message.bytes(), compression_);
  prepend_prefix(message, compressed);
  writing_finished_ = writing_finished_ || options.last;
  stream_->send_data(std::move(message), options.last);
  while (!status_ && stream_->crowded(channel_.options().send_buffer_bytes)) {
    co_await stream_->send_changed().wait_through_stop();
    if (!is_open()) co_await open();
  }
  co_return !status_ && !stream_->closed() && !stream_->receive_ended();
}

Task<void> ClientCall::finish_writing() {
  const StopToken token = co_await current_stop();
  const StopCallback on_stop(token, [this] { stopped(); });
  if (!is_open() && !open_now()) co_await open();
  writing_finished_ = true;
  if (!status_) stream_->finish_sending();
}

Task<const Metadata*> ClientCall::headers() {
  const StopToken token = co_await current_stop();
  const StopCallback on_stop(token, [this] { stopped(); });
  while (true) {
    if (!status_ && !is_open()) co_await open();
    if (!stream_) break;
    look();
    if (headers_checked_ && !stream_->headers_only()) co_return &headers_;
    if (status_ || headers_checked_ || stream_->closed()) break;
    co_await stream_->receive_changed().wait_through_stop();
  }
  co_return nullptr;
}

Task<std::optional<Buffer>> ClientCall::read() {
  const StopToken token = co_await current_stop();
  const StopCallback on_stop(token, [this] { stopped(); });
  while (true) {
    if (!status_ && !is_open()) co_await open();
    if (status_) co_return std::nullopt;
    look();
    if (status_) co_return std::nullopt;
    std::optional<Result<Buffer>> message = receiver_.next();
    stream_->consumed(receiver_.take_credit());
    if (message && *message) co_return std::move(**message);
    if (message) {
      // Larger than our limit is our own verdict; all else is a peer that breaks the protocol.
      Status broken = std::move(message->error());
      if (broken.code() != StatusCode::ResourceExhausted) broken.set_origin(Status::Origin::Transport);
      end(std::move(broken));
    } else if (stream_->receive_ended() || stream_->closed()) {
      conclude();
    } else {
      co_await stream_->receive_changed().wait_through_stop();
    }
  }
}

Task<Status> ClientCall::finish() {
  while (!status_) co_await read();
  deadline_timer_.cancel();
  co_return *status_;
}

void ClientCall::look() {
  if (status_ || headers_checked_) return;
  if (stream_->headers_too_large()) {
    return end(header_list_too_large());
  }
  if (const Metadata* block = stream_->headers()) check_headers(*block);
}

void ClientCall::check_headers(const Metadata& block) {
  headers_checked_ = true;
  if (stream_->headers_only() && block.contains("grpc-status")) return;
  const std::string http_status(block.get(":status").value_or(""));
  if (http_status != "200") {
    int number = 0;
    std::from_chars(http_status.data(), http_status.data() + http_status.size(), number);
    return end(transport(status_code_of_http(number), "expected HTTP status 200, got " + http_status));
  }
  const std::string_view content_type = block.get("content-type").value_or("");
  if (!is_grpc(content_type)) {
    return end(transport(StatusCode::Unknown,
                         "content-type: expected application/grpc, got \"" + std::string(content_type) + "\""));
  }
  if (!is_grpc_proto(content_type)) {
    return end(transport(StatusCode::Internal,
                         "content-type: expected application/grpc+proto, got \"" + std::string(content_type) + "\""));
  }
  headers_ = metadata_of_block(block);
  const std::string_view encoding = block.get("grpc-encoding").value_or("identity");
  receiver_.set_encoding(compression_from_name(encoding));
}

void ClientCall::conclude() {
  const Metadata* block = stream_->headers_only() ? stream_->headers() : stream_->trailers();
  if (block != nullptr) trailers_ = metadata_of_block(*block);
  Status status = stream_->receive_ended() ? status_of_end() : status_of_reset();
  if (stream_->headers_too_large()) status = header_list_too_large();
  if (!receiver_.at_boundary() && status.ok()) {
    status = transport(StatusCode::Internal, "the response ended inside a message");
  }
  end(std::move(status));
}

Status ClientCall::status_of_end() const {
  if (stream_->headers_only()) return status_of_trailers(*stream_->headers());
  if (stream_->trailers() != nullptr) return status_of_trailers(*stream_->trailers());
  return transport(StatusCode::Internal, "the response ended without trailers");
}

Status ClientCall::status_of_reset() const {
  if (stream_->connection_lost()) return transport(StatusCode::Unavailable, "the connection to the backend was lost");
  const auto code = static_cast<std::uint32_t>(stream_->close_code());
  const bool late = deadline_ && *deadline_ <= channel_.loop().now();
  if (late && stream_->close_code() == ErrorCode::Cancel) {
    return Status(StatusCode::DeadlineExceeded, "the deadline passed");
  }
  Status status = transport(status_code_of_reset(code),
                            "the stream was reset with " + http2::error_code_name(stream_->close_code()));
  status.set_reset_code(code);
  return status;
}

void ClientCall::end(Status status) {
  if (status_) return;
  status_ = std::move(status);
  over_.request_stop();
  if (!stream_) return;
  if (!stream_->receive_ended()) {
    stream_->reset(ErrorCode::Cancel);
  } else if (!stream_->sending_finished()) {
    stream_->reset(ErrorCode::NoError);
  }
  stream_->receive_changed().notify();
  stream_->send_changed().notify();
}

void ClientCall::deadline_passed() { end(Status(StatusCode::DeadlineExceeded, "the deadline passed")); }

void ClientCall::stopped() { end(Status(StatusCode::Cancelled, "the call was cancelled")); }

}  // namespace sluice::rpc
