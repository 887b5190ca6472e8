// Cors: which web pages of other origins may read the answers (the Fetch standard, "CORS protocol").
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/http/handler.h"

namespace sluice::gateway {

struct CorsOptions {
  // "https://host[:port]" each, compared in any case; "*" admits every page.
  std::vector<std::string> origins;
  bool credentials = false;  // cookies: for origins that are listed by name only
  std::chrono::seconds max_age{600};
};

// Whether a page of this origin is admitted.
bool admits_origin(const CorsOptions& options, std::string_view origin);

// A filter around the next handler, which outlives it. A preflight is answered with what the next handler answers to
// OPTIONS: its Allow is what the page may use. To pages that are not admitted nothing is added, which makes the browser
// keep the answer from them.
class Cors final : public Handler {
 public:
  Cors(Handler& next, CorsOptions options) : next_(next), options_(std::move(options)) {}
  rpc::Task<void> handle(Request& request, Responder& responder) override;

 private:
  Handler& next_;
  const CorsOptions options_;
};

}  // namespace sluice::gateway
