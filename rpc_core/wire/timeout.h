// The grpc-timeout header: at most eight digits and a unit.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "rpc_core/base/clock.h"

namespace sluice::rpc {

// In the finest unit that eight digits can hold, rounded up; a negative time is "0n".
std::string format_timeout(Duration timeout);

// Nothing for anything but 1 to 8 digits and one of H M S m u n. Times beyond what Duration holds give its maximum.
std::optional<Duration> parse_timeout(std::string_view text);

}  // namespace sluice::rpc
