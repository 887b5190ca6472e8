// Meter: counts the messages of one run, and reads both sides' CPU clocks around the measured part of it.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <string>

namespace sluice::bench {

enum class Mode : std::uint8_t { Unary, Streaming };

struct Load {
  Mode mode = Mode::Unary;
  int streams = 1;
  std::size_t message_bytes = 476;
  std::chrono::milliseconds time{500};
  std::uint16_t port = 0;
  pid_t server = 0;
  std::string tls_folder = {};  // read_tls(); empty: plain text
};

// The encoded size of the Payload with that many bytes in its body is message_bytes.
std::string body_of(const Load& load);

struct Measured {
  std::uint64_t messages = 0;
  double seconds = 0;
  double client_cpu = 0;  // seconds
  double server_cpu = 0;
};

// The first quarter of the time is for warming up.
class Meter {
 public:
  explicit Meter(const Load& load);

  // After each call, or each message of a stream. False: the run is over.
  bool count() {
    if ((++counted_ & 15) == 0) look();
    return !over_;
  }
  bool over() const { return over_; }
  const Measured& result() const { return result_; }

 private:
  using Clock = std::chrono::steady_clock;
  void look();

  const Load load_;
  const Clock::time_point begin_;
  Clock::time_point since_;
  std::uint64_t counted_ = 0;
  std::uint64_t counted_before_ = 0;
  bool measuring_ = false;
  bool over_ = false;
  Measured before_;
  Measured result_;
};

}  // namespace sluice::bench
