#include "rpc_core/http2/flood_guard.h"

#include <algorithm>

#include "rpc_core/base/buffer.h"

namespace sluice::rpc::http2 {
namespace {

constexpr int kMostPingStrikes = 2;
constexpr Duration kPingIntervalWithoutStreams = std::chrono::hours(2);

}  // namespace

bool RateBudget::spend(TimePoint now) {
  const double seconds = std::chrono::duration<double>(now - since_).count();
  since_ = now;
  left_ = std::min(burst_, left_ + seconds * per_second_);
  if (left_ < 1) return false;
  left_ -= 1;
  return true;
}

FloodGuard::FloodGuard(const FloodLimits& limits, TimePoint now)
    : limits_(limits),
      settings_(limits.settings_burst, limits.settings_per_second, now),
      resets_(limits.resets_burst, limits.resets_per_second, now),
      client_resets_(limits.client_resets_burst, limits.client_resets_per_second, now),
      server_pings_(limits.server_pings_burst, limits.server_pings_per_second, now) {}

bool FloodGuard::ping_received(TimePoint now, bool has_streams) {
  const Duration least = has_streams || limits_.pings_without_streams
                             ? limits_.least_ping_interval
                             : std::max(limits_.least_ping_interval, kPingIntervalWithoutStreams);
  const bool too_soon = last_ping_ && now - *last_ping_ < least;
  last_ping_ = now;
  if (too_soon) ++ping_strikes_;
  return ping_strikes_ <= kMostPingStrikes;
}

void FloodGuard::useful_frame_sent() {
  last_ping_.reset();
  ping_strikes_ = 0;
  server_pings_.refill();
}

bool FloodGuard::data_received(std::size_t bytes, bool end_stream) {
  const bool is_empty = bytes == 0 && !end_stream;
  empty_frames_ = is_empty ? empty_frames_ + 1 : 0;
  tiny_frames_ = bytes < kMessagePrefixBytes && !end_stream ? tiny_frames_ + 1 : 0;
  return empty_frames_ <= limits_.empty_frames && tiny_frames_ <= limits_.tiny_frames;
}

}  // namespace sluice::rpc::http2
