// FloodGuard: counts what costs a peer next to nothing and us something, and says when it is too much.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "rpc_core/base/clock.h"

namespace sluice::rpc::http2 {

struct FloodLimits {
  // Server: PINGs that come closer together are strikes, and the third ends the connection. Without streams: two hours,
  // unless they are allowed then.
  Duration least_ping_interval = std::chrono::minutes(5);
  bool pings_without_streams = false;
  // At once, and then a second: SETTINGS frames; streams that we reset because of what the peer did there
  // (CVE-2025-8671); and, for a server, streams that the client itself resets (CVE-2023-44487).
  double settings_burst = 100;
  double settings_per_second = 1;
  double resets_burst = 1000;
  double resets_per_second = 33;
  double client_resets_burst = 2000;
  double client_resets_per_second = 500;
  // DATA frames in a row that say nothing, or have fewer bytes than a message's prefix.
  std::size_t empty_frames = 1000;
  std::size_t tiny_frames = 10'000;
};

// So much at once, and then so much a second.
class RateBudget {
 public:
  RateBudget(double burst, double per_second, TimePoint now)
      : burst_(burst), per_second_(per_second), left_(burst), since_(now) {}
  // False: it is used up.
  bool spend(TimePoint now);

 private:
  const double burst_;
  const double per_second_;
  double left_;
  TimePoint since_;
};

// Each call notes an event and gives true while that is fine.
class FloodGuard {
 public:
  FloodGuard(const FloodLimits& limits, TimePoint now);

  // https://github.com/grpc/proposal/blob/master/A8-client-side-keepalive.md ("Server Enforcement")
  bool ping_received(TimePoint now, bool has_streams);
  // HEADERS or DATA: a peer may ping whether they came.
  void useful_frame_sent();
  bool settings_received(TimePoint now) { return settings_.spend(now); }
  bool reset_sent(TimePoint now) { return resets_.spend(now); }
  bool reset_received(TimePoint now) { return client_resets_.spend(now); }
  bool data_received(std::size_t bytes, bool end_stream);

 private:
  const FloodLimits limits_;
  RateBudget settings_;
  RateBudget resets_;
  RateBudget client_resets_;
  std::optional<TimePoint> last_ping_;
  int ping_strikes_ = 0;
  std::size_t empty_frames_ = 0;
  std::size_t tiny_frames_ = 0;
};

}  // namespace sluice::rpc::http2
