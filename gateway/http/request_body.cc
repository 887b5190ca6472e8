// The pulled body of a request: limits, timeouts, "100 Continue".
#include <limits>
#include <span>
#include <string>

#include "gateway/http/session_exchange.h"

namespace sluice::gateway {
namespace {

// A body that nobody has read is read to its end when it has no more bytes than this, so that the connection stays
// usable; otherwise the connection closes.
constexpr std::uint64_t kMostDropped = 64 * 1024;
// What is expected of a chunked body, whose size nobody knows.
constexpr std::uint64_t kUnknownSize = 64 * 1024;

}  // namespace

rpc::Task<rpc::Result<BodyChunk>> SessionExchange::read_body() {
  input_.release();
  if (body_error_) co_return rpc::fail(*body_error_);
  if (parser_.body_done()) co_return BodyChunk{{}, true};
  if (const auto length = parser_.content_length(); length && *length > body_limit_) {
    body_error_ = over_limit();
    co_return rpc::fail(*body_error_);
  }
  // An answer that has begun makes it superfluous (RFC 9110 section 10.1.1), as does a body that comes anyway.
  if (std::exchange(continue_wanted_, false) && !started_ && input_.unread().empty()) {
    const std::span<const std::byte> go_on = std::as_bytes(std::span(kContinue));
    co_await output_.write({&go_on, 1});
  }
  std::optional<rpc::Result<BodyChunk>> piece = take_piece();
  if (!piece) piece.emplace(co_await next_piece());
  if (!*piece) body_error_ = piece->error();
  co_return *std::move(piece);
}

// Of what is there; nothing: more is needed.
std::optional<rpc::Result<BodyChunk>> SessionExchange::take_piece() {
  const std::expected<RequestParser::Piece, HttpError> piece = parser_.parse_body(input_.unread());
  if (!piece) return rpc::fail(rpc::StatusCode::InvalidArgument, piece.error().message);
  input_.consume(piece->consumed);
  body_received_ += piece->bytes.size();
  if (body_received_ > body_limit_) return rpc::fail(over_limit());
  expect_more();
  if (!piece->last && piece->bytes.empty()) return std::nullopt;
  input_.hold();
  return BodyChunk{std::as_bytes(std::span(piece->bytes)), piece->last};
}

rpc::Task<rpc::Result<BodyChunk>> SessionExchange::next_piece() {
  while (true) {
    std::optional<rpc::Result<BodyChunk>> piece = take_piece();
    if (piece) co_return *std::move(piece);
    const rpc::Loop& loop = services_.loop;
    const Input::Event event = co_await input_.wait(rpc::deadline_after(loop.now(), services_.options.body_timeout));
    if (event == Input::Event::TimedOut) services_.hit(Limit::BodyTimeout);
    if (event != Input::Event::Grown) co_return rpc::fail(body_ended(event));
  }
}

rpc::Status SessionExchange::over_limit() const {
  return rpc::Status(rpc::StatusCode::ResourceExhausted,
                     "request body of more than " + std::to_string(body_limit_) + " bytes");
}

rpc::Status SessionExchange::body_ended(Input::Event event) const {
  switch (event) {
    case Input::Event::TimedOut:
      return rpc::Status(rpc::StatusCode::DeadlineExceeded, "the body of the request paused for too long");
    case Input::Event::Stopped:
      return rpc::Status(rpc::StatusCode::Cancelled, "reading the body was stopped");
    default:
      return rpc::Status(rpc::StatusCode::Cancelled, "the client went away within the body");
  }
}

// Tells the input how much to read at a time.
void SessionExchange::expect_more() {
  if (parser_.body_done()) return input_.expect(0);
  const auto length = parser_.content_length();
  input_.expect(length ? *length - body_received_ : kUnknownSize);
}

// Whether the connection may go on although the body, at the time of the answer's head, is not read to its end. A
// handler that streams its answer may still read it.
bool SessionExchange::may_drop_body() const {
  if (!head_read_ || parser_.body_done()) return true;
  if (continue_wanted_) return false;
  const auto length = parser_.content_length();
  return !ended_ || (length && *length - body_received_ <= kMostDropped);
}

// False: there was too much of it, or something was wrong with it.
rpc::Task<bool> SessionExchange::drop_body() {
  body_limit_ = std::numeric_limits<std::size_t>::max();
  const std::uint64_t most = body_received_ + kMostDropped;
  while (!parser_.body_done() && body_received_ <= most) {
    input_.release();
    const rpc::Result<BodyChunk> dropped = co_await next_piece();
    if (!dropped) co_return false;
  }
  co_return parser_.body_done();
}

}  // namespace sluice::gateway
