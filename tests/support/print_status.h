// Lets GoogleTest print a Status as text.
#pragma once

#include <ostream>

#include "rpc_core/base/status.h"

namespace sluice::rpc {

inline void PrintTo(const Status& status, std::ostream* out) { *out << status.to_string(); }
inline void PrintTo(StatusCode code, std::ostream* out) { *out << status_code_name(code); }

}  // namespace sluice::rpc
