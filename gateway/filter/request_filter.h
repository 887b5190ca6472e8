// RequestFilter: a Request that passes everything on; filters override what they are there for.
#pragma once

#include <cstddef>

#include "gateway/http/handler.h"

namespace sluice::gateway {

// `next` outlives it.
class RequestFilter : public Request {
 public:
  explicit RequestFilter(Request& next) : next_(next) {}

  const RequestHead& head() const override { return next_.head(); }
  const rpc::PeerInfo& peer() const override { return next_.peer(); }
  RequestContext& context() override { return next_.context(); }
  rpc::Loop& loop() override { return next_.loop(); }
  void limit_body(std::size_t bytes) override { next_.limit_body(bytes); }
  rpc::Task<rpc::Result<BodyChunk>> read_body() override { return next_.read_body(); }
  rpc::StopToken gone() override { return next_.gone(); }

 private:
  Request& next_;
};

}  // namespace sluice::gateway
