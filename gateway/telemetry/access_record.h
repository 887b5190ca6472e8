// AccessRecord: what is known of a request when it is over.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/telemetry/trace_context.h"
#include "rpc_core/base/clock.h"
#include "rpc_core/base/endpoint.h"

namespace sluice::gateway {

// The views are valid while the record is handed on.
struct AccessRecord {
  std::string_view method;
  std::string_view target;
  std::string_view route;       // the template; empty: no route
  std::string_view rpc;         // "/package.Service/Method"; empty: no route
  std::string_view request_id;  // may be empty
  std::string_view client;      // as trusted proxies tell it; empty: the peer is the client
  const rpc::Endpoint* peer = nullptr;
  int status = 0;                  // 0: no answer was started
  std::optional<int> grpc_status;  // of the call; nothing: none was made
  std::size_t request_bytes = 0;   // of the body
  std::size_t response_bytes = 0;
  std::uint64_t messages_sent = 0;  // to the backend
  std::uint64_t messages_received = 0;
  rpc::Duration duration{};
  std::optional<TraceContext> trace;  // nothing: no traces are made
  std::optional<SpanId> parent_span;
  std::string_view trace_state;
};

// Who asked, as text.
inline std::string client_of(const AccessRecord& record) {
  return record.client.empty() && record.peer != nullptr ? record.peer->to_string() : std::string(record.client);
}

}  // namespace sluice::gateway
