// AccessRecord: what is known of a request when it is over.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "rpc_core/base/clock.h"

namespace sluice::gateway {

// The views are valid while the record is handed on.
struct AccessRecord {
  std::string_view method;
  std::string_view target;
  std::string_view route;  // the template; empty: no route
  std::string peer;
  int status = 0;  // 0: no answer was started
  std::size_t response_bytes = 0;
  rpc::Duration duration{};
};

}  // namespace sluice::gateway
