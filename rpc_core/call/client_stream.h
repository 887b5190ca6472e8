// The client's streams of typed messages: what a stub gives for each mode but unary.
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "rpc_core/call/cancellable_call.h"
#include "rpc_core/call/codec.h"
#include "rpc_core/call/unary.h"

namespace sluice::rpc {

// What all streams have. The call starts with the object, on the caller's loop; destroying the object, with no
// operation pending, cancels the call. It may be moved while no operation is pending. One writer (write,
// finish_writing) and one reader (read, headers, finish) may overlap; two of a kind may not.
class ClientStreamBase {
 public:
  // Initial metadata, valid until the end of the stream or cancel(). nullptr: the call ended without.
  Task<const Metadata*> headers() { return call_->headers(); }
  // Ready after finish().
  const Metadata& trailers() const { return call_->trailers(); }
  // At any time: what is pending ends, and finish() gives CANCELLED.
  void cancel() { call_->cancel(Status(StatusCode::Cancelled, "cancelled by the caller")); }

 protected:
  ClientStreamBase(Caller& caller, std::string_view path, const CallOptions& options)
      : call_(std::make_unique<CancellableCall>(caller.start(path, options))) {}
  explicit ClientStreamBase(Status failure) : call_(std::make_unique<CancellableCall>(std::move(failure))) {}

  CancellableCall& call() { return *call_; }
  // A message that cannot be encoded ends the call: INTERNAL.
  Task<bool> send(Result<Buffer> message, WriteOptions options) {
    if (!message) {
      call_->cancel(std::move(message.error()));
      return call_->write(Buffer(), options);
    }
    return call_->write(std::move(*message), options);
  }
  // The next message into `into`; one that cannot be decoded ends the call: INTERNAL.
  static Task<bool> receive(CancellableCall& call, google::protobuf::MessageLite& into) {
    const std::optional<Buffer> bytes = co_await call.read();
    if (!bytes) co_return false;
    Status status = decode(*bytes, into);
    if (status.ok()) co_return true;
    call.cancel(std::move(status));
    co_return false;
  }
  template <class Message>
  static Task<std::optional<Message>> receive_new(CancellableCall& call) {
    std::optional<Message> message(std::in_place);
    const bool received = co_await receive(call, *message);
    if (!received) message.reset();
    co_return message;
  }

 private:
  std::unique_ptr<CancellableCall> call_;
};

// One request, many responses. The request goes out with the first read, headers or finish.
//
//   auto books = client.watch_books(request);
//   while (std::optional<Book> book = co_await books.read()) …
//   Status status = co_await books.finish();
template <class Response>
class ServerStream : public ClientStreamBase {
 public:
  ServerStream(Caller& caller, std::string_view path, Result<Buffer> request, const CallOptions& options)
      : ServerStream(request ? ServerStream(caller, path, std::move(*request), options)
                             : ServerStream(std::move(request.error()))) {}

  // nullopt, or false: no more messages, finish() tells why. The second form reuses the message's memory.
  Task<std::optional<Response>> read() {
    if (request_) co_await send_request();
    co_return co_await receive_new<Response>(call());
  }
  Task<bool> read(Response& into) {
    if (request_) co_await send_request();
    co_return co_await receive(call(), into);
  }
  Task<const Metadata*> headers() {
    if (request_) co_await send_request();
    co_return co_await call().headers();
  }
  // Discards what was not read, and gives the one status of the call.
  Task<Status> finish() {
    if (request_) co_await send_request();
    co_return co_await call().finish();
  }

 private:
  ServerStream(Caller& caller, std::string_view path, Buffer request, const CallOptions& options)
      : ClientStreamBase(caller, path, options), request_(std::move(request)) {}
  explicit ServerStream(Status failure) : ClientStreamBase(std::move(failure)) {}

  Task<void> send_request() {
    Buffer request = std::move(*request_);
    request_.reset();
    co_await call().write(std::move(request), {.last = true});
  }

  std::optional<Buffer> request_;
};

// Many requests, one response.
//
//   auto upload = client.add_books();
//   for (const Book& book : books) if (bool room = co_await upload.write(book); !room) break;
//   Result<Summary> summary = co_await upload.finish();
template <class Request, class Response>
class ClientStream : public ClientStreamBase {
 public:
  ClientStream(Caller& caller, std::string_view path, const CallOptions& options)
      : ClientStreamBase(caller, path, options) {}

  // The message is encoded before this returns. False: the call is over, finish() tells why.
  Task<bool> write(const Request& message, WriteOptions options = {}) { return send(encode(message), options); }
  // Half-closes and waits for the response. UNIMPLEMENTED: the server sent none, or more than one. Once.
  Task<Result<Response>> finish() {
    co_await call().finish_writing();
    const Result<Buffer> bytes = co_await single_response(call());
    Result<Response> response = decode<Response>(bytes);
    if (!response) call().cancel(response.error());
    co_return response;
  }
};

// Messages both ways, in any order.
//
//   auto chat = client.chat();
//   co_await chat.write(line, {.last = true});          // or finish_writing() later
//   while (std::optional<Line> answer = co_await chat.read()) …
//   Status status = co_await chat.finish();
template <class Request, class Response>
class BidiStream : public ClientStreamBase {
 public:
  BidiStream(Caller& caller, std::string_view path, const CallOptions& options)
      : ClientStreamBase(caller, path, options) {}

  // The message is encoded before this returns. False: the call is over, finish() tells why.
  Task<bool> write(const Request& message, WriteOptions options = {}) { return send(encode(message), options); }
  // Half-closes. Idempotent.
  Task<void> finish_writing() { return call().finish_writing(); }
  // nullopt, or false: no more messages, finish() tells why. The second form reuses the message's memory.
  Task<std::optional<Response>> read() { return receive_new<Response>(call()); }
  Task<bool> read(Response& into) { return receive(call(), into); }
  // Discards what was not read, and gives the one status of the call. It does not half-close.
  Task<Status> finish() { return call().finish(); }
};

}  // namespace sluice::rpc
