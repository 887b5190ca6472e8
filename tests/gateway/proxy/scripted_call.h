// A call whose answer is scripted, and the caller that starts it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "rpc_core/base/waiter.h"
#include "rpc_core/call/call.h"

namespace sluice::gateway {

// What the backend does, and what it was told.
struct Script {
  std::vector<std::string> messages;
  bool hangs = false;       // behind the messages nothing comes until a stop
  bool has_headers = true;  // false: trailers only
  bool takes_writes = true;
  rpc::Metadata headers;
  rpc::Status status;
  rpc::Metadata trailers;

  std::string path;
  std::optional<rpc::Duration> timeout;
  std::size_t max_receive_bytes = 0;
  rpc::Metadata sent_metadata;
  std::vector<std::string> written;
  bool half_closed = false;
  std::size_t reads = 0;
  int started = 0;
  int released = 0;
};

class ScriptedCall final : public rpc::Call {
 public:
  ScriptedCall(rpc::Loop& loop, Script& script) : script_(script), never_(loop) {}
  ~ScriptedCall() override { ++script_.released; }

  rpc::Task<bool> write(rpc::Buffer message, rpc::WriteOptions options) override {
    script_.written.emplace_back(message.text());
    script_.half_closed = script_.half_closed || options.last;
    co_return script_.takes_writes;
  }
  rpc::Task<void> finish_writing() override {
    script_.half_closed = true;
    co_return;
  }
  rpc::Task<const rpc::Metadata*> headers() override { co_return script_.has_headers ? &script_.headers : nullptr; }
  rpc::Task<std::optional<rpc::Buffer>> read() override {
    if (script_.reads < script_.messages.size()) co_return rpc::Buffer::copy_of(script_.messages[script_.reads++]);
    if (!script_.hangs) co_return std::nullopt;
    co_await never_.wait();
    script_.status = rpc::Status(rpc::StatusCode::Cancelled, "stopped");
    co_return std::nullopt;
  }
  rpc::Task<rpc::Status> finish() override {
    if (script_.hangs && script_.status.ok()) co_await never_.wait();
    co_return script_.status;
  }
  const rpc::Metadata& trailers() const override { return script_.trailers; }

 private:
  Script& script_;
  rpc::Waiter never_;
};

class ScriptedCaller final : public rpc::Caller {
 public:
  ScriptedCaller(rpc::Loop& loop, Script& script) : loop_(loop), script_(script) {}

  std::unique_ptr<rpc::Call> start(std::string_view path, const rpc::CallOptions& options) override {
    ++script_.started;
    script_.path = path;
    script_.timeout = options.timeout;
    script_.max_receive_bytes = options.max_receive_bytes;
    if (options.metadata != nullptr) script_.sent_metadata = *options.metadata;
    return std::make_unique<ScriptedCall>(loop_, script_);
  }
  rpc::Loop& loop() override { return loop_; }

 private:
  rpc::Loop& loop_;
  Script& script_;
};

}  // namespace sluice::gateway
