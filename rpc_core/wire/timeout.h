// The grpc-timeout header: at most eight digits and a unit.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "rpc_core/base/clock.h"

namespace sluice::rpc {

// Rounded up to four digits that count, in the coarsest unit that they need: what is left of 30 seconds soon after they
// began is "30S", the same text for most calls, which HPACK sends in one byte. A negative time is "0n".
std::string format_timeout(Duration timeout);

// Nothing for anything but 1 to 8 digits and one of H M S m u n. Times beyond what Duration holds give its maximum.
std::optional<Duration> parse_timeout(std::string_view text);

}  // namespace sluice::rpc
