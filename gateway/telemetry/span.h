// Span: one served request as a tracing system sees it, and its form in OTLP.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>

#include "gateway/telemetry/access_record.h"
#include "gateway/telemetry/trace_context.h"

namespace sluice::gateway {

struct Span {
  TraceContext context;
  std::optional<SpanId> parent;
  std::string trace_state;  // as the client sent it
  std::chrono::system_clock::time_point start;
  std::chrono::system_clock::time_point end;
  std::string method;  // of HTTP
  std::string route;   // the template; empty: no route
  std::string path;    // without query
  std::string rpc;     // "/package.Service/Method"; empty: no route
  std::string peer;
  int status = 0;                  // of HTTP; 0: no answer was started
  std::optional<int> grpc_status;  // nothing: no call was made
};

// Of a request that has a place in a trace and ended now.
Span span_of(const AccessRecord& record, std::chrono::system_clock::time_point now);

// An ExportTraceServiceRequest as JSON, as OTLP/HTTP sends it. Attributes have the names of OpenTelemetry's semantic
// conventions for HTTP servers and RPC.
std::string to_otlp_json(std::span<const Span> spans, const std::string& service_name);

}  // namespace sluice::gateway
