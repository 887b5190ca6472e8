// Switch: hands each request to the handler of the moment, which may be replaced while requests run.
#pragma once

#include <memory>
#include <utility>

#include "gateway/http/handler.h"

namespace sluice::gateway {

// Requests that run keep the handler they began with; it goes away with the last of them.
class Switch final : public Handler {
 public:
  // For requests from now on; the first comes after it. nullptr: there will be no more.
  void use(std::shared_ptr<Handler> next) { next_ = std::move(next); }

  rpc::Task<void> handle(Request& request, Responder& responder) override {
    const std::shared_ptr<Handler> next = next_;
    co_await next->handle(request, responder);
  }

 private:
  std::shared_ptr<Handler> next_;
};

}  // namespace sluice::gateway
