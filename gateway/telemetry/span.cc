// OTLP's JSON: identifiers in hexadecimal, 64-bit numbers as strings.
#include "gateway/telemetry/span.h"

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string_view>

namespace sluice::gateway {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kServerKind = 2;
constexpr int kErrorStatus = 2;
constexpr int kSampledFlag = 1;

std::string nanoseconds_of(std::chrono::system_clock::time_point time) {
  return std::to_string(std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count());
}

void add(Json& attributes, std::string_view key, std::string_view value) {
  if (!value.empty()) attributes.push_back({{"key", key}, {"value", {{"stringValue", value}}}});
}

void add(Json& attributes, std::string_view key, int value) {
  attributes.push_back({{"key", key}, {"value", {{"intValue", std::to_string(value)}}}});
}

Json attributes_of(const Span& span) {
  Json attributes = Json::array();
  add(attributes, "http.request.method", span.method);
  add(attributes, "http.route", span.route);
  add(attributes, "url.path", span.path);
  add(attributes, "client.address", span.peer);
  if (span.status != 0) add(attributes, "http.response.status_code", span.status);
  if (span.rpc.empty()) return attributes;
  const std::size_t slash = span.rpc.rfind('/');
  add(attributes, "rpc.system", "grpc");
  add(attributes, "rpc.service", std::string_view(span.rpc).substr(1, slash - 1));
  add(attributes, "rpc.method", std::string_view(span.rpc).substr(slash + 1));
  if (span.grpc_status) add(attributes, "rpc.grpc.status_code", *span.grpc_status);
  return attributes;
}

Json to_json(const Span& span) {
  Json value = {{"traceId", to_hex(span.context.trace)}, {"spanId", to_hex(span.context.span)}};
  if (span.parent) value["parentSpanId"] = to_hex(*span.parent);
  if (!span.trace_state.empty()) value["traceState"] = span.trace_state;
  value["flags"] = kSampledFlag;
  value["name"] = span.route.empty() ? span.method : span.method + " " + span.route;
  value["kind"] = kServerKind;
  value["startTimeUnixNano"] = nanoseconds_of(span.start);
  value["endTimeUnixNano"] = nanoseconds_of(span.end);
  value["attributes"] = attributes_of(span);
  value["status"] = Json::object();
  if (span.status == 0 || span.status >= 500) value["status"]["code"] = kErrorStatus;
  return value;
}

}  // namespace

Span span_of(const AccessRecord& record, std::chrono::system_clock::time_point now) {
  Span span;
  span.context = record.trace.value();
  span.parent = record.parent_span;
  span.trace_state = record.trace_state;
  span.start = now - std::chrono::duration_cast<std::chrono::system_clock::duration>(record.duration);
  span.end = now;
  span.method = record.method;
  span.route = record.route;
  span.path = record.target.substr(0, record.target.find('?'));
  span.rpc = record.rpc;
  span.peer = client_of(record);
  span.status = record.status;
  span.grpc_status = record.grpc_status;
  return span;
}

std::string to_otlp_json(std::span<const Span> spans, const std::string& service_name) {
  Json list = Json::array();
  for (const Span& span : spans) list.push_back(to_json(span));
  Json resource = Json::array();
  add(resource, "service.name", service_name);
  const Json request = {{"resourceSpans",
                         {{{"resource", {{"attributes", resource}}},
                           {"scopeSpans", {{{"scope", {{"name", "sluice"}}}, {"spans", list}}}}}}}};
  return request.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace sluice::gateway
