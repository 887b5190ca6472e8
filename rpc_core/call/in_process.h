// InProcessChannel: a Caller whose calls go to Service objects on the same loop, without a socket.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "rpc_core/base/task_group.h"
#include "rpc_core/call/call.h"
#include "rpc_core/call/service.h"

namespace sluice::rpc {

class InProcessExchange;

// For tests, and for programs that are client and server at once. Deadlines, cancellation, metadata, trailers and
// back-pressure are those of a network call. Messages are moved, never compressed, and nothing waits for a connection.
//
//   InProcessChannel channel(loop);
//   channel.add(greeter_service);
//   GreeterClient greeter(channel);
//   …
//   co_await channel.close();
class InProcessChannel final : public Caller {
 public:
  struct Limits {
    std::size_t queued_messages = 4;              // each way and call, before a writer waits
    std::size_t receive_bytes = 4 * 1024 * 1024;  // of one message, where the call's options say nothing
  };

  explicit InProcessChannel(Loop& loop) : InProcessChannel(loop, Limits()) {}
  InProcessChannel(Loop& loop, Limits limits) : loop_(loop), limits_(limits), handlers_(loop) {}

  // The service outlives the channel. A name that is there already: std::invalid_argument.
  void add(Service& service);

  // An unknown method is UNIMPLEMENTED. The handler starts at the loop's next turn.
  std::unique_ptr<Call> start(std::string_view path, const CallOptions& options) override;
  Loop& loop() override { return loop_; }

  // Ends all calls with UNAVAILABLE, and waits for their handlers. Required before the channel goes away, unless no
  // handler runs; calls made after it fail.
  Task<void> close();

 private:
  struct Method {
    Service* service;
    std::size_t index;
  };

  Task<void> serve(std::shared_ptr<InProcessExchange> exchange, Method method, const CallCredentials* credentials);

  Loop& loop_;
  Limits limits_;
  std::map<std::string, Method, std::less<>> methods_;
  TaskGroup handlers_;
  bool closed_ = false;
};

}  // namespace sluice::rpc
