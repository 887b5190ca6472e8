// Calls that pass everything on to another one; interceptors override what they are there for.
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "rpc_core/call/call.h"

namespace sluice::rpc {

// `next` outlives it.
class ServerCallFilter : public ServerCall {
 public:
  explicit ServerCallFilter(ServerCall& next) : next_(next) {}

  const CallInfo& info() const override { return next_.info(); }
  Loop& loop() override { return next_.loop(); }
  Task<std::optional<Buffer>> read() override { return next_.read(); }
  bool last_message_compressed() const override { return next_.last_message_compressed(); }
  Task<bool> send_headers(const Metadata& metadata) override { return next_.send_headers(metadata); }
  bool set_compression(std::string_view name) override { return next_.set_compression(name); }
  using ServerCall::write;
  Task<bool> write(Buffer message, WriteOptions options) override { return next_.write(std::move(message), options); }
  using ServerCall::finish;
  Task<void> finish(Status status, const Metadata& trailers) override {
    return next_.finish(std::move(status), trailers);
  }
  StopToken cancelled() override { return next_.cancelled(); }
  Status receive_status() const override { return next_.receive_status(); }

 private:
  ServerCall& next_;
};

// Owns the next call.
class CallFilter : public Call {
 public:
  explicit CallFilter(std::unique_ptr<Call> next) : next_(std::move(next)) {}

  using Call::write;
  Task<bool> write(Buffer message, WriteOptions options) override { return next_->write(std::move(message), options); }
  Task<void> finish_writing() override { return next_->finish_writing(); }
  Task<const Metadata*> headers() override { return next_->headers(); }
  Task<std::optional<Buffer>> read() override { return next_->read(); }
  bool last_message_compressed() const override { return next_->last_message_compressed(); }
  Task<Status> finish() override { return next_->finish(); }
  const Metadata& trailers() const override { return next_->trailers(); }

 private:
  std::unique_ptr<Call> next_;
};

}  // namespace sluice::rpc
