// Counting one call.
#include "rpc_core/interceptor/call_metrics.h"

#include <chrono>

namespace sluice::rpc {

void CallMetrics::add(const CallRecord& record) {
  const std::lock_guard lock(mutex_);
  auto found = methods_.find(record.path);
  if (found == methods_.end()) found = methods_.emplace(std::string(record.path), Method()).first;
  Method& method = found->second;
  ++method.handled[record.status.code()];
  method.messages_sent += record.messages_sent;
  method.messages_received += record.messages_received;
  const double seconds = std::chrono::duration<double>(record.duration).count();
  method.seconds += seconds;
  std::size_t bucket = 0;
  while (bucket < kSecondsBounds.size() && seconds > kSecondsBounds[bucket]) ++bucket;
  ++method.took[bucket];
}

std::map<std::string, CallMetrics::Method, std::less<>> CallMetrics::methods() const {
  const std::lock_guard lock(mutex_);
  return methods_;
}

}  // namespace sluice::rpc
