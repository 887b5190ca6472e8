// Errors of requests: INVALID_ARGUMENT that names the field, with google.rpc.BadRequest in the details.
#pragma once

#include <string>
#include <string_view>

#include "rpc_core/base/status.h"

namespace sluice::gateway {

// message "FIELD: DESCRIPTION" (or the description alone where no field is concerned), and one field violation.
// `where` stands behind the field in the message: " (line 3, column 12)".
rpc::Status binding_error(std::string_view field, std::string_view description, std::string_view where = "");

// The description of JSON that exceeds ParseOptions::max_depth.
inline constexpr std::string_view kNestedTooDeep = "nested too deep";

// What a client sent, quoted and cut short for a message: "many", or "aaaa…".
std::string shown(std::string_view text);

}  // namespace sluice::gateway
