// How long to wait between attempts to connect: gRPC's exponential backoff with jitter.
#pragma once

#include <cstdint>
#include <random>

#include "rpc_core/base/clock.h"

namespace sluice::rpc {

// https://github.com/grpc/grpc/blob/master/doc/connection-backoff.md
struct BackoffOptions {
  Duration initial = std::chrono::seconds(1);
  double multiplier = 1.6;
  double jitter = 0.2;  // the share by which a wait may be shorter or longer
  Duration max = std::chrono::seconds(120);
};

class Backoff {
 public:
  Backoff(const BackoffOptions& options, std::uint64_t seed) : options_(options), random_(seed) { reset(); }

  // The next wait; each is longer than the one before, up to the maximum.
  Duration next();
  void reset() { current_ = options_.initial < options_.max ? options_.initial : options_.max; }

 private:
  const BackoffOptions options_;
  std::minstd_rand random_;
  Duration current_;
};

}  // namespace sluice::rpc
