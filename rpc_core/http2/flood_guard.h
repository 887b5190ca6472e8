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
  // (CVE-2025-8671); and, for a server, streams that the client itself resets (CVE-2023-44487) or that are refused.
  double settings_burst = 100;
  double settings_per_second = 1;
  double resets_burst = 1000;
  double resets_per_second = 33;
  double client_resets_burst = 2000;
  double client_resets_per_second = 500;
  // Client: the server's PINGs, at once and then a second; each HEADERS or DATA that we send allows a burst anew.
  double server_pings_burst = 1000;
  double server_pings_per_second = 10;
  // DATA frames in a row that say nothing, or have fewer bytes than a message's prefix.
  std::size_t empty_frames = 1000;
  std::size_t tiny_frames = 10'000;
  // Client: 1xx responses before the real one.
  std::size_t informational_responses = 100;
  // What may wait to be sent, DATA not counted: answers to a peer that asks and does not read.
  std::size_t unsent_frames = 10'000;
};

// So much at once, and then so much a second.
class RateBudget {
 public:
  RateBudget(double burst, double per_second, TimePoint now)
      : burst_(burst), per_second_(per_second), left_(burst), since_(now) {}
  // False: it is used up.
  bool spend(TimePoint now);
  void refill() { left_ = burst_; }

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
  bool server_ping_received(TimePoint now) { return server_pings_.spend(now); }
  // HEADERS or DATA: a peer may ping whether they came.
  void useful_frame_sent();
  bool settings_received(TimePoint now) { return settings_.spend(now); }
  bool reset_sent(TimePoint now) { return resets_.spend(now); }
  bool reset_received(TimePoint now) { return client_resets_.spend(now); }
  bool stream_refused(TimePoint now) { return client_resets_.spend(now); }
  bool data_received(std::size_t bytes, bool end_stream);

 private:
  const FloodLimits limits_;
  RateBudget settings_;
  RateBudget resets_;
  RateBudget client_resets_;
  RateBudget server_pings_;
  std::optional<TimePoint> last_ping_;
  int ping_strikes_ = 0;
  std::size_t empty_frames_ = 0;
  std::size_t tiny_frames_ = 0;
};

}  // namespace sluice::rpc::http2
