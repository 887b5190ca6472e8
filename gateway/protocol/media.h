// Which media types a client sends and takes (RFC 9110 section 8.3 and 12.5.1).
#pragma once

#include <string_view>

#include "gateway/http/message.h"

namespace sluice::gateway {

// application/json, or any type that ends in +json, in UTF-8.
bool is_json(std::string_view content_type);

// Whether the Accept fields name application/x-ndjson or application/jsonl, with no smaller weight than
// application/json.
bool prefers_lines(const Headers& headers);

}  // namespace sluice::gateway
