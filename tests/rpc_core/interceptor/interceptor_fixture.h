// A service with interceptors around it behind an in-process channel.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "rpc_core/call/in_process.h"
#include "rpc_core/interceptor/interceptor.h"
#include "tests/support/raw_service.h"

namespace sluice::rpc::testing {

class InterceptorFixture : public LoopFixture {
 protected:
  InterceptorFixture() { service.handler = echo; }

  void serve(Intercepted::Stack stack) {
    intercepted = std::make_unique<Intercepted>(service, std::move(stack));
    channel.add(*intercepted);
  }

  // Sends "a", half-closes, reads all, and gives the status.
  Task<Status> call_once(Caller& caller, CallOptions options) {
    const std::unique_ptr<Call> call = caller.start(kRawPath, options);
    WriteOptions last;
    last.last = true;
    co_await call->write(message("a"), last);
    replies.clear();
    while (std::optional<Buffer> reply = co_await call->read()) replies.emplace_back(reply->text());
    Status status = co_await call->finish();
    co_return status;
  }
  Status call(CallOptions options = {}) { return run(call_once(channel, options)); }
  Status call_at(Caller& caller, CallOptions options = {}) { return run(call_once(caller, options)); }

  void TearDown() override {
    run(channel.close());
    LoopFixture::TearDown();
  }

  RawService service;
  std::unique_ptr<Intercepted> intercepted;
  InProcessChannel channel{loop};
  std::vector<std::string> replies;
};

}  // namespace sluice::rpc::testing
