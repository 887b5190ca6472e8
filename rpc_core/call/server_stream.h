// What a streaming handler reads from and writes to: typed messages over a ServerCall.
#pragma once

#include <optional>

#include "rpc_core/call/codec.h"
#include "rpc_core/call/server_context.h"

namespace sluice::rpc {

// Requests, as they come. One reader and one writer of a call may overlap; two of a kind may not.
template <class Request>
class Reader {
 public:
  explicit Reader(ServerContext& context) : context_(context) {}
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  // nullopt, or false: the client half-closed, or is gone (context.cancelled()), or it sent what is no Request: then
  // the call ends with INTERNAL where the handler returns OK. The second form reuses the message's memory.
  Task<std::optional<Request>> read() {
    std::optional<Request> message(std::in_place);
    const bool received = co_await read(*message);
    if (!received) message.reset();
    co_return message;
  }
  Task<bool> read(Request& into) {
    if (ended_) co_return false;
    const std::optional<Buffer> bytes = co_await context_.call().read();
    Status status = bytes ? decode(*bytes, into) : context_.call().receive_status();
    ended_ = !bytes || !status.ok();
    context_.fail(std::move(status));
    co_return !ended_;
  }

 private:
  ServerContext& context_;
  bool ended_ = false;
};

// Responses. The first one sends the context's initial metadata ahead of itself.
template <class Response>
class Writer {
 public:
  explicit Writer(ServerContext& context) : context_(context) {}
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  // Resumes when there is room for another; the message is encoded before this returns. False: the client is gone, or
  // the message cannot be encoded: then the call ends with INTERNAL where the handler returns OK.
  Task<bool> write(const Response& message, WriteOptions options = {}) {
    return context_.write(encode(message), options);
  }

 private:
  ServerContext& context_;
};

}  // namespace sluice::rpc
