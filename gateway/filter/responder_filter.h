// ResponderFilter: a Responder that passes everything on; filters override what they are there for.
#pragma once

#include <utility>

#include "gateway/http/handler.h"

namespace sluice::gateway {

// `next` outlives it.
class ResponderFilter : public Responder {
 public:
  explicit ResponderFilter(Responder& next) : next_(next) {}

  rpc::Task<void> send(Response whole) override { return next_.send(std::move(whole)); }
  rpc::Task<bool> begin(ResponseHead head) override { return next_.begin(std::move(head)); }
  rpc::Task<bool> write(rpc::Buffer piece) override { return next_.write(std::move(piece)); }
  using Responder::end;
  rpc::Task<void> end(Headers trailers) override { return next_.end(std::move(trailers)); }
  void abort() override { next_.abort(); }
  rpc::Task<WebSocket*> upgrade(std::size_t max_message_bytes) override { return next_.upgrade(max_message_bytes); }
  bool started() const override { return next_.started(); }

 private:
  Responder& next_;
};

}  // namespace sluice::gateway
