// Draws plans: most calls are small and run to their end; some are larger than a window, some end in another way.
#include "tests/rpc_core/soak/plan.h"

#include <array>
#include <chrono>
#include <random>

namespace sluice::soak {
namespace {

using rpc::CallMode;
using rpc::StatusCode;
using Random = std::minstd_rand;

constexpr std::size_t kTextBytes = 1 << 20;
constexpr std::uint32_t kLargestBody = 600'000;

// At most `most`, evenly.
std::uint32_t up_to(Random& random, std::uint32_t most) {
  return std::uniform_int_distribution<std::uint32_t>(0, most)(random);
}
bool one_in(Random& random, std::uint32_t count) { return up_to(random, count - 1) == 0; }

// Windows are 64 KiB a stream and 256 KiB a connection: one message in forty is larger than the one, one in four
// hundred than the other.
std::uint32_t draw_size(Random& random) {
  const std::uint32_t lot = up_to(random, 399);
  if (lot == 0) return up_to(random, kLargestBody);
  if (lot < 10) return up_to(random, 120'000);
  if (lot < 60) return up_to(random, 20'000);
  return lot < 120 ? 0 : up_to(random, 1'000);
}

Fate draw_fate(Random& random) {
  constexpr std::array<Fate, 20> kLots = {Fate::Deadline, Fate::Deadline, Fate::Cancel,  Fate::Cancel,
                                          Fate::Abandon,  Fate::Refusal,  Fate::TooLarge};
  return kLots[up_to(random, kLots.size() - 1)];
}

bool has_many_requests(CallMode mode) { return mode == CallMode::ClientStreaming || mode == CallMode::BidiStreaming; }
bool has_many_responses(CallMode mode) { return mode == CallMode::ServerStreaming || mode == CallMode::BidiStreaming; }

// Numbers that are close give seeds that are not.
std::uint32_t mix(std::uint64_t seed, std::uint64_t number) {
  std::uint64_t mixed = (seed * 0x9e3779b97f4a7c15 + number) * 0xbf58476d1ce4e5b9;
  mixed = (mixed ^ (mixed >> 31)) * 0x94d049bb133111eb;
  return static_cast<std::uint32_t>(mixed >> 32);
}

std::string make_text() {
  Random random(1);
  std::string text(kTextBytes, '\0');
  for (char& each : text) each = static_cast<char>(random());
  return text;
}

}  // namespace

Plan make_plan(std::uint64_t seed, std::uint64_t number) {
  Random random(mix(seed, number));
  Plan plan;
  plan.number = number;
  plan.mode = static_cast<CallMode>(up_to(random, 3));
  plan.fate = draw_fate(random);
  // Who awaits a unary call can only stop it.
  if (plan.mode == CallMode::Unary && plan.fate == Fate::Abandon) plan.fate = Fate::Cancel;
  plan.request_bytes = draw_size(random);
  plan.response_bytes = plan.fate == Fate::TooLarge ? 2 * kSmallLimit : draw_size(random);
  plan.place = up_to(random, kTextBytes - kLargestBody);
  if (has_many_requests(plan.mode)) plan.requests = up_to(random, 6);
  if (has_many_responses(plan.mode)) plan.responses = up_to(random, 6);
  // A chat answers each of its requests.
  if (plan.mode == CallMode::BidiStreaming) plan.responses = plan.requests;
  if (one_in(random, 5)) plan.delay_us = up_to(random, 5'000);
  plan.wait_for_ready = !one_in(random, 8);
  if (plan.fate == Fate::Deadline || plan.fate == Fate::Cancel) {
    plan.time = std::chrono::microseconds(up_to(random, 20'000));
    plan.hang = one_in(random, 2);
  }
  if (plan.fate == Fate::Abandon) plan.after = up_to(random, 3);
  return plan;
}

bool may_end_with(const Plan& plan, StatusCode code) {
  const bool nothing_sent = plan.requests == 0 || plan.responses == 0;
  switch (code) {
    case StatusCode::Ok:
      if (plan.fate == Fate::Refusal) return plan.requests == 0;
      return (!plan.hang && plan.fate != Fate::TooLarge) || nothing_sent;
    case StatusCode::Unavailable:
      return true;
    case StatusCode::Cancelled:
      return plan.fate == Fate::Cancel;
    case StatusCode::DeadlineExceeded:
      return plan.fate == Fate::Deadline;
    case StatusCode::ResourceExhausted:
      return plan.fate == Fate::TooLarge;
    default:
      return code == kRefusal && plan.fate == Fate::Refusal;
  }
}

std::string to_string(const Plan& plan) {
  constexpr std::array kModes = {"unary", "client stream", "server stream", "bidi stream"};
  constexpr std::array kFates = {"whole", "deadline", "cancel", "abandon", "refusal", "too large"};
  using std::to_string;
  const auto time = std::chrono::duration_cast<std::chrono::microseconds>(plan.time).count();
  return "call " + to_string(plan.number) + " (" + kModes[static_cast<std::size_t>(plan.mode)] + ", " +
         kFates[static_cast<std::size_t>(plan.fate)] + ", " + to_string(plan.requests) + " of " +
         to_string(plan.request_bytes) + " B up, " + to_string(plan.responses) + " of " +
         to_string(plan.response_bytes) + " B down, delay " + to_string(plan.delay_us) + " us, time " +
         to_string(time) + " us" + (plan.hang ? ", hangs)" : ")");
}

std::string_view slice(std::uint32_t place, std::uint32_t bytes) {
  static const std::string text = make_text();
  return std::string_view(text).substr(place, bytes);
}

}  // namespace sluice::soak
