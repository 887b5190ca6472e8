// The texts of path and query as JSON literals, for the reference engine.
#pragma once

#include <string>
#include <string_view>

#include "gateway/transcode/message_plan.h"
#include "rpc_core/base/result.h"

namespace sluice::gateway {

// The JSON form of one value (of a repeated field or a map: of one element) given as text. The error's message says
// what was expected and what came.
rpc::Result<std::string> text_to_json(const FieldPlan& field, std::string_view text);

// `text` as a JSON string; it must be UTF-8.
std::string quoted_json(std::string_view text);

// What an absent field is shown as when it is all of an answer (response_body).
std::string default_json(const FieldPlan& field);

}  // namespace sluice::gateway
