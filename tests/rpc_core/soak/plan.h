// Plan: what one call of the soak test does, drawn from the seed and the call's number.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "rpc_core/base/clock.h"
#include "rpc_core/base/status.h"
#include "rpc_core/call/call.h"

namespace sluice::soak {

// How a call is to end. Refusal: with the handler's status; TooLarge: by a response beyond the client's limit.
enum class Fate : std::uint8_t { Whole, Deadline, Cancel, Abandon, Refusal, TooLarge };

struct Plan {
  std::uint64_t number = 0;
  rpc::CallMode mode = rpc::CallMode::Unary;
  Fate fate = Fate::Whole;
  std::uint32_t requests = 1;
  std::uint32_t responses = 1;
  std::uint32_t request_bytes = 0;
  std::uint32_t response_bytes = 0;
  std::uint32_t place = 0;
  std::uint32_t delay_us = 0;
  bool hang = false;
  bool wait_for_ready = true;
  rpc::Duration time{};     // until the deadline or the cancellation
  std::uint32_t after = 0;  // the messages after which it is abandoned
};

// The limit of a call that is to be TooLarge.
inline constexpr std::size_t kSmallLimit = 1000;
inline constexpr rpc::StatusCode kRefusal = rpc::StatusCode::Aborted;

Plan make_plan(std::uint64_t seed, std::uint64_t number);
// Whether a call with that plan may end so, on a network where connections are lost.
bool may_end_with(const Plan& plan, rpc::StatusCode code);
std::string to_string(const Plan& plan);

// What bodies are cut from; the same on both sides.
std::string_view slice(std::uint32_t place, std::uint32_t bytes);

}  // namespace sluice::soak
