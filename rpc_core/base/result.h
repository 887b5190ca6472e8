// Result<T>: a value, or the Status that tells why there is none. The one error channel of the project.
#pragma once

#include <expected>
#include <string>
#include <utility>

#include "rpc_core/base/status.h"

namespace sluice::rpc {

template <class T>
using Result = std::expected<T, Status>;

// return fail(StatusCode::InvalidArgument, "expected a port number, got \"x\"");
inline std::unexpected<Status> fail(StatusCode code, std::string message) {
  return std::unexpected<Status>(Status(code, std::move(message)));
}
inline std::unexpected<Status> fail(Status status) { return std::unexpected<Status>(std::move(status)); }

}  // namespace sluice::rpc
