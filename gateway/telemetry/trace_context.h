// TraceContext: where a request stands in a distributed trace (W3C Trace Context, level 1).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <string_view>

namespace sluice::gateway {

using TraceId = std::array<std::uint8_t, 16>;
using SpanId = std::array<std::uint8_t, 8>;

struct TraceContext {
  TraceId trace{};
  SpanId span{};
  bool sampled = false;
};

// "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01". Nothing: it is to be ignored, as sections 3.2.2 and 4.3
// say: upper case, all zeros, version ff, a wrong length. Of later versions the known part is read.
std::optional<TraceContext> parse_traceparent(std::string_view text);
std::string to_traceparent(const TraceContext& context);

// Lower-case hexadecimal.
std::string to_hex(const TraceId& id);
std::string to_hex(const SpanId& id);

// Makes identifiers and decides which traces are recorded. Belongs to one thread.
class TraceSource {
 public:
  // The ratio of the traces that begin here which are sampled, 0 to 1.
  TraceSource(double ratio, std::uint64_t seed) : ratio_(ratio), random_(seed) {}

  // A child of the parent, sampled as it is; without a parent the root of a new trace.
  TraceContext next(const std::optional<TraceContext>& parent);

 private:
  const double ratio_;
  std::mt19937_64 random_;
};

}  // namespace sluice::gateway
