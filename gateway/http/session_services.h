// What all sessions of one worker share.
#pragma once

#include <cstdint>

#include "gateway/http/error_writer.h"
#include "gateway/http/handler.h"
#include "gateway/http/http_counts.h"
#include "gateway/http/http_date.h"
#include "gateway/http/http_options.h"
#include "gateway/http/pace.h"
#include "rpc_core/base/loop.h"
#include "rpc_core/transport/tls_context.h"

namespace sluice::gateway {

// Borrowed; all of it outlives the sessions, and belongs to the thread of the loop.
struct SessionServices {
  // Closing: answers say "Connection: close". Draining: besides, connections without a request close.
  enum class Phase : std::uint8_t { Serving, Closing, Draining };

  rpc::Loop& loop;
  Handler& handler;
  const ErrorWriter& errors;
  const HttpOptions& options;
  const rpc::TlsCredentials* tls = nullptr;  // nullptr: plain text
  HttpDate* date = nullptr;                  // nullptr: answers without Date
  Phase phase = Phase::Serving;
  HttpCounts* counts = nullptr;  // nullptr: nobody counts
  Pace* pace = nullptr;          // nullptr: a request begins when it comes

  void hit(Limit limit) const {
    if (counts != nullptr) counts->hit(limit);
  }
};

}  // namespace sluice::gateway
