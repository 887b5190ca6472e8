// Counting, and adding up what several workers counted.
#include "gateway/telemetry/request_counts.h"

#include <algorithm>
#include <chrono>

namespace sluice::gateway {
namespace {

constexpr std::array<std::string_view, 9> kMethods = {"GET",  "POST",    "PUT",     "PATCH", "DELETE",
                                                      "HEAD", "OPTIONS", "CONNECT", "TRACE"};

std::string_view known_method(std::string_view method) {
  return std::ranges::find(kMethods, method) != kMethods.end() ? method : "other";
}

void add(std::map<int, std::uint64_t>& to, const std::map<int, std::uint64_t>& from) {
  for (const auto& [key, count] : from) to[key] += count;
}

}  // namespace

void RequestCounts::ended(const AccessRecord& record) {
  --in_flight_;
  RouteCounts& counts = route(record.route, known_method(record.method));
  ++counts.by_status[record.status];
  counts.seconds.observe(std::chrono::duration<double>(record.duration).count());
  counts.request_bytes.observe(static_cast<double>(record.request_bytes));
  counts.response_bytes.observe(static_cast<double>(record.response_bytes));
  if (!record.grpc_status) return;
  RpcCounts& call = rpc(record.rpc);
  ++call.by_code[*record.grpc_status];
  call.messages_sent += record.messages_sent;
  call.messages_received += record.messages_received;
}

void RequestCounts::merge(const RequestCounts& other) {
  for (const auto& [key, from] : other.routes_) {
    RouteCounts& to = route(key.route, key.method);
    add(to.by_status, from.by_status);
    to.seconds.merge(from.seconds);
    to.request_bytes.merge(from.request_bytes);
    to.response_bytes.merge(from.response_bytes);
  }
  for (const auto& [path, from] : other.rpcs_) {
    RpcCounts& to = rpc(path);
    add(to.by_code, from.by_code);
    to.messages_sent += from.messages_sent;
    to.messages_received += from.messages_received;
  }
  in_flight_ += other.in_flight_;
}

RouteCounts& RequestCounts::route(std::string_view route, std::string_view method) {
  if (const auto found = routes_.find(RouteView{route, method}); found != routes_.end()) return found->second;
  return routes_[RouteKey{std::string(route), std::string(method)}];
}

RpcCounts& RequestCounts::rpc(std::string_view path) {
  if (const auto found = rpcs_.find(path); found != rpcs_.end()) return found->second;
  return rpcs_[std::string(path)];
}

}  // namespace sluice::gateway
