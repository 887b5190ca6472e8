#include "rpc_core/base/status.h"

#include <array>

namespace sluice::rpc {
namespace {

constexpr std::array<std::string_view, 17> kNames = {
    "OK",
    "CANCELLED",
    "UNKNOWN",
    "INVALID_ARGUMENT",
    "DEADLINE_EXCEEDED",
    "NOT_FOUND",
    "ALREADY_EXISTS",
    "PERMISSION_DENIED",
    "RESOURCE_EXHAUSTED",
    "FAILED_PRECONDITION",
    "ABORTED",
    "OUT_OF_RANGE",
    "UNIMPLEMENTED",
    "INTERNAL",
    "UNAVAILABLE",
    "DATA_LOSS",
    "UNAUTHENTICATED",
};

}  // namespace

std::string status_code_name(StatusCode code) {
  const auto number = static_cast<std::uint32_t>(code);
  return number < kNames.size() ? std::string(kNames[number]) : "CODE_" + std::to_string(number);
}

std::optional<StatusCode> status_code_from_name(std::string_view name) {
  for (std::uint32_t number = 0; number < kNames.size(); ++number) {
    if (kNames[number] == name) return static_cast<StatusCode>(number);
  }
  return std::nullopt;
}

std::string Status::to_string() const {
  std::string text = status_code_name(code_);
  if (!message_.empty()) text += ": " + message_;
  return text;
}

}  // namespace sluice::rpc
