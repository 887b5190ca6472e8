#include "rpc_core/call/in_process_exchange.h"

#include <string>
#include <utility>

namespace sluice::rpc {

InProcessExchange::InProcessExchange(Loop& loop, CallInfo info, std::size_t queued_messages, std::size_t receive_bytes)
    : loop_(loop),
      path_(info.path),
      info_(std::move(info)),
      receive_bytes_(receive_bytes),
      requests_(loop, queued_messages),
      responses_(loop, queued_messages),
      client_changed_(loop) {
  info_.path = path_;
}

void InProcessExchange::start_clock() {
  if (info_.deadline) loop_.schedule(*this, *info_.deadline);
}

void InProcessExchange::on_timer() {
  abort(Status(StatusCode::DeadlineExceeded, "the deadline of the call has passed"));
}

void InProcessExchange::set_headers(const Metadata& metadata) {
  if (ended_ || headers_) return;
  headers_ = metadata;
  client_changed_.notify();
}

void InProcessExchange::finish(Status status, const Metadata& trailers) {
  if (ended_) return;
  end(std::move(status).with_origin(Status::Origin::Peer), trailers);
  responses_.close();
}

void InProcessExchange::abort(Status status) {
  if (ended_) return;
  aborted_ = true;
  end(std::move(status), Metadata());
  responses_.close_and_drop();
  cancelled_.request_stop();
}

void InProcessExchange::end(Status status, const Metadata& trailers) {
  ended_ = true;
  cancel();
  status_ = std::move(status);
  trailers_ = trailers;
  requests_.close_and_drop();
  client_changed_.notify();
}

class InProcessExchange::ClientEnd final : public Call {
 public:
  explicit ClientEnd(std::shared_ptr<InProcessExchange> exchange) : exchange_(std::move(exchange)) {}
  ~ClientEnd() override { abort_stopped(); }

  using Call::write;
  Task<bool> write(Buffer message, WriteOptions options) override {
    const bool room = co_await exchange_->requests_.push(std::move(message));
    const bool aborted = co_await abort_if_stopped();
    if (options.last) exchange_->requests_.close();
    co_return room && !aborted;
  }

  Task<void> finish_writing() override {
    exchange_->requests_.close();
    co_return;
  }

  Task<const Metadata*> headers() override {
    while (!exchange_->headers_ && !exchange_->ended_) co_await wait();
    const Metadata* headers = exchange_->headers_ ? &*exchange_->headers_ : nullptr;
    co_return headers;
  }

  Task<std::optional<Buffer>> read() override {
    std::optional<Buffer> message = co_await exchange_->responses_.pop();
    const bool aborted = co_await abort_if_stopped();
    if (aborted) message.reset();
    if (message && message->size() > exchange_->receive_bytes_) {
      exchange_->abort(Status(StatusCode::ResourceExhausted, "expected a message of at most " +
                                                                 std::to_string(exchange_->receive_bytes_) +
                                                                 " bytes, got " + std::to_string(message->size())));
      message.reset();
    }
    co_return message;
  }

  Task<Status> finish() override {
    bool more = true;
    while (more) {
      const std::optional<Buffer> unread = co_await exchange_->responses_.pop();
      more = unread.has_value();
    }
    co_await abort_if_stopped();
    co_return exchange_->status_;
  }

  const Metadata& trailers() const override { return exchange_->trailers_; }

 private:
  void abort_stopped() { exchange_->abort(Status(StatusCode::Cancelled, "the client cancelled the call")); }

  // A stop that comes after the server's end changes nothing. Whether the call is over without one.
  Task<bool> abort_if_stopped() {
    const StopToken token = co_await current_stop();
    if (token.stop_requested()) abort_stopped();
    co_return exchange_->aborted_;
  }

  Task<void> wait() {
    const bool notified = co_await exchange_->client_changed_.wait();
    if (!notified) abort_stopped();
  }

  std::shared_ptr<InProcessExchange> exchange_;
};

class InProcessExchange::ServerEnd final : public ServerCall {
 public:
  explicit ServerEnd(InProcessExchange& exchange) : exchange_(exchange) {}

  const CallInfo& info() const override { return exchange_.info_; }
  Loop& loop() override { return exchange_.loop_; }
  StopToken cancelled() override { return exchange_.cancelled_.token(); }

  Task<std::optional<Buffer>> read() override { return exchange_.requests_.pop(); }

  Task<bool> send_headers(const Metadata& metadata) override {
    exchange_.set_headers(metadata);
    co_return !exchange_.ended_;
  }

  using ServerCall::write;
  Task<bool> write(Buffer message, WriteOptions) override {
    if (exchange_.ended_) co_return false;
    exchange_.set_headers(Metadata());
    const bool room = co_await exchange_.responses_.push(std::move(message));
    co_return room && !exchange_.ended_;
  }

  using ServerCall::finish;
  Task<void> finish(Status status, const Metadata& trailers) override {
    exchange_.finish(std::move(status), trailers);
    co_return;
  }

  Status receive_status() const override { return exchange_.aborted_ ? exchange_.status_ : Status(); }

 private:
  InProcessExchange& exchange_;
};

std::unique_ptr<Call> InProcessExchange::client_end(std::shared_ptr<InProcessExchange> exchange) {
  return std::make_unique<ClientEnd>(std::move(exchange));
}

std::unique_ptr<ServerCall> InProcessExchange::server_end(InProcessExchange& exchange) {
  return std::make_unique<ServerEnd>(exchange);
}

}  // namespace sluice::rpc
