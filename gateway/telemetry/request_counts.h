// RequestCounts: what one worker counts of its requests and calls.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>

#include "gateway/telemetry/access_record.h"
#include "gateway/telemetry/histogram.h"

namespace sluice::gateway {

inline constexpr std::array<double, 15> kSecondsBounds = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
                                                          0.25,   0.5,   1,      2.5,   5,    10,    30};
inline constexpr std::array<double, 8> kBytesBounds = {64, 512, 4096, 32768, 262144, 2097152, 16777216, 134217728};

// Of one route and method.
struct RouteCounts {
  std::map<int, std::uint64_t> by_status;  // HTTP status; 0: the client was gone before an answer
  Histogram<kSecondsBounds.size()> seconds{kSecondsBounds};
  Histogram<kBytesBounds.size()> request_bytes{kBytesBounds};
  Histogram<kBytesBounds.size()> response_bytes{kBytesBounds};
};

// Of one RPC.
struct RpcCounts {
  std::map<int, std::uint64_t> by_code;  // gRPC status
  std::uint64_t messages_sent = 0;
  std::uint64_t messages_received = 0;
};

// A value: one thread counts, others get copies. How many series there are depends on the schema, never on what clients
// send: requests without a route count as route "", methods that HTTP does not define as "other".
class RequestCounts {
 public:
  struct RouteKey {
    std::string route;
    std::string method;
    bool operator==(const RouteKey&) const = default;
  };
  struct RouteView {
    std::string_view route;
    std::string_view method;
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(const RouteKey& key) const { return hash(key.route, key.method); }
    std::size_t operator()(const RouteView& key) const { return hash(key.route, key.method); }
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
    static std::size_t hash(std::string_view route, std::string_view method) {
      const std::hash<std::string_view> of;
      return of(route) * 31 + of(method);
    }
  };
  struct Equal {
    using is_transparent = void;
    static bool same(const auto& a, const auto& b) { return a.route == b.route && a.method == b.method; }
    bool operator()(const RouteKey& a, const RouteKey& b) const { return same(a, b); }
    bool operator()(const RouteKey& a, const RouteView& b) const { return same(a, b); }
    bool operator()(const RouteView& a, const RouteKey& b) const { return same(a, b); }
  };
  using Routes = std::unordered_map<RouteKey, RouteCounts, Hash, Equal>;
  using Rpcs = std::unordered_map<std::string, RpcCounts, Hash, std::equal_to<>>;

  void started() { ++in_flight_; }
  // A request that was started is over.
  void ended(const AccessRecord& record);
  void merge(const RequestCounts& other);

  const Routes& routes() const { return routes_; }
  const Rpcs& rpcs() const { return rpcs_; }  // by "/package.Service/Method"
  std::uint64_t in_flight() const { return in_flight_; }

 private:
  RouteCounts& route(std::string_view route, std::string_view method);
  RpcCounts& rpc(std::string_view path);

  Routes routes_;
  Rpcs rpcs_;
  std::uint64_t in_flight_ = 0;
};

}  // namespace sluice::gateway
