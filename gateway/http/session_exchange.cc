// The life of one exchange, and its answer; the request's body is in request_body.cc.
#include "gateway/http/session_exchange.h"

#include <array>
#include <cstring>
#include <ctime>
#include <span>

namespace sluice::gateway {

SessionExchange::SessionExchange(SessionServices& services, Input& input, Output& output, const rpc::PeerInfo& peer,
                                 rpc::StopToken session_stop)
    : services_(services),
      input_(input),
      output_(output),
      peer_(peer),
      gone_(session_stop),
      handling_(gone_.token()),
      parser_({services.options.max_header_bytes, services.options.max_target_bytes}) {
  context_.received = services.loop.now();
  context_.counts = services.counts;
}

SessionExchange::~SessionExchange() {
  input_.stop_at_end(nullptr);
  input_.release();
}

bool SessionExchange::take_head() {
  std::expected<std::size_t, HttpError> size = parser_.parse_head(input_.unread(), head_);
  if (!size) head_error_ = std::move(size.error());
  if (!size || *size == 0) return false;
  input_.consume(*size);
  head_read_ = true;
  keep_alive_ = parser_.keep_alive();
  continue_wanted_ = parser_.expects_continue();
  expect_more();
  input_.stop_at_end(&gone_);
  return true;
}

rpc::Task<bool> SessionExchange::read_head() {
  const rpc::TimePoint deadline = rpc::deadline_after(context_.received, services_.options.header_timeout);
  while (!head_error_) {
    const Input::Event event = co_await input_.wait(deadline);
    if (event == Input::Event::TimedOut) {
      services_.hit(Limit::HeaderTimeout);
      co_await answer_error(408, "the head of the request took too long");
    }
    if (event != Input::Event::Grown) co_return false;
    if (take_head()) co_return true;
  }
  if (head_error_->status == 431) services_.hit(Limit::MaxHeaderBytes);
  if (head_error_->status == 414) services_.hit(Limit::MaxTargetBytes);
  co_await answer_error(head_error_->status, head_error_->message);
  co_return false;
}

rpc::Task<void> SessionExchange::handle() {
  return services_.handler.handle(*this, *this).with_stop(handling_.token());
}

rpc::Task<bool> SessionExchange::finish() {
  if (web_socket_) {
    co_await web_socket_->finish();
    if (web_socket_->refused_size()) services_.hit(Limit::MaxRequestBytes);
  }
  if (streamed_) {
    // Begun, but not ended: what was written goes out, the last chunk does not.
    if (!ended_) keep_alive_ = false;
    rpc::Buffer nothing;
    co_await streamed_->finish(std::move(nothing));
  } else if (head_read_ && !started_ && !gone_.stop_requested()) {
    co_await answer_for_handler();
  }
  if (keep_alive_ && !output_.lost() && !parser_.body_done()) keep_alive_ = co_await drop_body();
  co_return stays_open();
}

rpc::Task<void> SessionExchange::answer_for_handler() {
  if (context_.stopping) {
    co_await answer_error(503, "the gateway is stopping");
  } else if (!body_error_ || aborted_ || handler_failed_) {
    co_await answer_error(500, "internal error");
  } else {
    co_await answer_error(http_status_of_body_error(*body_error_), body_error_->message());
  }
}

rpc::Task<void> SessionExchange::answer_error(int http_status, std::string_view message) {
  keep_alive_ = false;
  Response response = services_.errors.write_error(http_status, message, head_read_ ? &head_ : nullptr);
  co_await send(std::move(response));
}

rpc::Task<void> SessionExchange::send(Response whole) {
  if (std::exchange(started_, true)) co_return;
  ended_ = true;
  co_await rpc::Yield(services_.loop);  // the system calls of a turn's answers follow one another, as in proxy.cc
  const bool bodiless = forbids_body(whole.head.status);
  Framing framing = frame(whole.head.status, bodiless ? Framing::Body::None : Framing::Body::Length);
  framing.length = whole.body.size();
  rpc::Buffer head(0, kResponseHeadroom);
  append_head(head, whole.head, framing);
  std::array<std::span<const std::byte>, 2> pieces = {head.bytes(), whole.body.bytes()};
  std::size_t count = 2;
  if (bodiless || is_head() || whole.body.empty()) {
    count = 1;
  } else if (whole.body.headroom() >= head.size()) {
    std::memcpy(whole.body.prepend(head.size()), head.data(), head.size());
    pieces[0] = whole.body.bytes();
    count = 1;
  }
  co_await output_.write(std::span(pieces).first(count));
}

rpc::Task<bool> SessionExchange::begin(ResponseHead head) {
  if (std::exchange(started_, true) || output_.lost()) co_return false;
  chunked_ = head_.version == HttpVersion::Http11;
  Framing::Body body = chunked_ ? Framing::Body::Chunked : Framing::Body::UntilClose;
  const bool bodiless = forbids_body(head.status);
  if (bodiless) body = Framing::Body::None;
  const Framing framing = frame(head.status, body);
  rpc::Buffer bytes(0, kResponseHeadroom);
  append_head(bytes, head, framing);
  ended_ = bodiless || is_head();
  streamed_.emplace(services_.loop, output_, std::move(bytes), chunked_);
  co_return !ended_ && !gone_.stop_requested();
}

rpc::Task<bool> SessionExchange::write(rpc::Buffer bytes) {
  if (!streamed_ || ended_ || aborted_ || gone_.stop_requested()) co_return false;
  if (streamed_->take(bytes)) co_return true;
  const bool written = co_await streamed_->write(std::move(bytes));
  co_return written && !gone_.stop_requested();
}

rpc::Task<void> SessionExchange::end(Headers trailers) {
  if (!streamed_ || ended_ || aborted_) co_return;
  ended_ = true;
  rpc::Buffer tail;
  if (chunked_) append_last_chunk(tail, trailers);
  co_await streamed_->finish(std::move(tail));
}

rpc::Task<WebSocket*> SessionExchange::upgrade(std::size_t max_message_bytes) {
  if (std::exchange(started_, true)) co_return nullptr;
  ended_ = true;
  keep_alive_ = false;
  input_.release();
  web_socket_.emplace(services_.loop, input_, output_, max_message_bytes);
  const bool open = co_await web_socket_->accept(head_);
  co_return open ? &*web_socket_ : nullptr;
}

// Decides, with the head of the answer, whether the connection stays open.
Framing SessionExchange::frame(int http_status, Framing::Body body) {
  using Connection = Framing::Connection;
  keep_alive_ = keep_alive_ && services_.phase == SessionServices::Phase::Serving && !aborted_ &&
                !gone_.stop_requested() && !body_error_ && !handler_failed_ && body != Framing::Body::UntilClose &&
                may_drop_body();
  Framing framing;
  framing.body = body;
  if (services_.date != nullptr && http_status >= 200) framing.date = services_.date->at(std::time(nullptr));
  const bool http10 = head_.version == HttpVersion::Http10;
  if (!keep_alive_) {
    framing.connection = Connection::Close;
  } else if (http10) {
    framing.connection = Connection::KeepAlive;
  }
  return framing;
}

}  // namespace sluice::gateway
