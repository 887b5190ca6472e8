// A handler made of a function, for tests of the filters around it.
#pragma once

#include <functional>
#include <utility>

#include "gateway/http/handler.h"

namespace sluice::gateway {

class FunctionHandler final : public Handler {
 public:
  using Function = std::function<rpc::Task<void>(Request&, Responder&)>;
  explicit FunctionHandler(Function function) : function_(std::move(function)) {}
  rpc::Task<void> handle(Request& request, Responder& responder) override { return function_(request, responder); }

 private:
  Function function_;
};

}  // namespace sluice::gateway
