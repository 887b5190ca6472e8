// CallMetrics: a sink of a CallObserver that counts calls by method and status.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>

#include "rpc_core/interceptor/call_observer.h"

namespace sluice::rpc {

// Any thread may add and read.
//
//   CallMetrics metrics;
//   CallObserver observe([&metrics](const CallRecord& record) { metrics.add(record); });
class CallMetrics {
 public:
  static constexpr std::array<double, 10> kSecondsBounds = {0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10};

  struct Method {
    std::map<StatusCode, std::uint64_t> handled;
    std::uint64_t messages_sent = 0;
    std::uint64_t messages_received = 0;
    double seconds = 0;                                           // of all calls together
    std::array<std::uint64_t, kSecondsBounds.size() + 1> took{};  // calls by duration; the last is above every bound
  };

  void add(const CallRecord& record);
  // What there is now, by "/package.Service/Method".
  std::map<std::string, Method, std::less<>> methods() const;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, Method, std::less<>> methods_;
};

}  // namespace sluice::rpc
