// Compression: request bodies in a content coding are decoded, answers are encoded for clients that ask for it.
#pragma once

#include "gateway/http/handler.h"

namespace sluice::gateway {

// A filter around the next handler, which outlives it. Codings that are not known are left to the next handler to
// refuse. Limits on bodies count decoded bytes. Whole answers of text of more than a KiB are encoded; streams are not,
// since each of their messages leaves at once.
class Compression final : public Handler {
 public:
  explicit Compression(Handler& next) : next_(next) {}
  rpc::Task<void> handle(Request& request, Responder& responder) override;

 private:
  Handler& next_;
};

}  // namespace sluice::gateway
