// A request whose body is scripted, and a responder that writes down what it is told.
#pragma once

#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gateway/http/handler.h"

namespace sluice::gateway {

// Its body comes in the given pieces; then `body_error`, if there is one, instead of the end.
class FakeRequest final : public Request {
 public:
  FakeRequest(rpc::Loop& loop, std::string_view method, std::string_view target, Headers headers = {}) : loop_(loop) {
    head_.method = method;
    head_.target = target;
    head_.headers = std::move(headers);
    peer_.endpoint = rpc::Endpoint(rpc::Endpoint::Kind::Tcp, "192.0.2.7", 4711);
  }

  const RequestHead& head() const override { return head_; }
  RequestHead& head() { return head_; }
  const rpc::PeerInfo& peer() const override { return peer_; }
  RequestContext& context() override { return context_; }
  rpc::Loop& loop() override { return loop_; }
  void limit_body(std::size_t bytes) override { body_limit = bytes; }
  rpc::StopToken gone() override { return rpc::StopToken(); }

  rpc::Task<rpc::Result<BodyChunk>> read_body() override {
    ++reads;
    BodyChunk chunk;
    if (next_ < pieces.size())
      chunk.bytes = std::as_bytes(std::span(pieces[next_++]));
    else if (body_error)
      co_return rpc::fail(*body_error);
    chunk.last = next_ == pieces.size() && !body_error;
    co_return chunk;
  }

  std::vector<std::string> pieces;
  std::optional<rpc::Status> body_error;
  std::size_t body_limit = std::numeric_limits<std::size_t>::max();
  int reads = 0;

 private:
  rpc::Loop& loop_;
  RequestHead head_;
  rpc::PeerInfo peer_;
  RequestContext context_;
  std::size_t next_ = 0;
};

class FakeResponder final : public Responder {
 public:
  enum class Ended { No, Whole, Well, Aborted };

  rpc::Task<void> send(Response whole) override {
    take_head(whole.head);
    body = whole.body.text();
    ended = Ended::Whole;
    co_return;
  }
  rpc::Task<bool> begin(ResponseHead head) override {
    take_head(head);
    co_return takes_writes > 0;
  }
  rpc::Task<bool> write(rpc::Buffer bytes) override {
    if (takes_writes == 0) co_return false;
    if (!bytes.empty()) {
      --takes_writes;
      pieces.emplace_back(bytes.text());
      body += bytes.text();
    }
    co_return takes_writes > 0;
  }
  using Responder::end;
  rpc::Task<void> end(Headers fields) override {
    trailers = std::move(fields);
    ended = Ended::Well;
    co_return;
  }
  void abort() override { ended = Ended::Aborted; }
  bool started() const override { return status != 0; }

  std::string header(std::string_view name) const { return std::string(headers.get(name).value_or("")); }

  int status = 0;
  Headers headers;
  std::string body;
  std::vector<std::string> pieces;  // of a stream
  Headers trailers;
  Ended ended = Ended::No;
  std::size_t takes_writes = std::numeric_limits<std::size_t>::max();  // then nobody takes more

 private:
  void take_head(const ResponseHead& head) {
    status = head.status;
    headers = head.headers;
  }
};

// "name: value\n" a field.
inline std::string text_of(const Headers& headers) {
  std::string text;
  for (const auto& [name, value] : headers) text.append(name).append(": ").append(value).append("\n");
  return text;
}

}  // namespace sluice::gateway
