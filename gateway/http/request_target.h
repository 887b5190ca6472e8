// The four forms of a request target (RFC 9112 section 3.2), brought into one.
#pragma once

#include <expected>
#include <string_view>

#include "gateway/http/error_writer.h"
#include "gateway/http/message.h"

namespace sluice::gateway {

// Fills head.target, and head.authority when the target names it. The method is already there. Errors: 400.
//   GET /a?b                 target "/a?b"
//   GET http://host:80/a?b   target "/a?b", authority "host:80"
//   OPTIONS *                target "*"
//   CONNECT host:80          target "host:80", authority the same; a path passes too, for the router to refuse
std::expected<void, HttpError> read_target(std::string_view raw, RequestHead& head);

}  // namespace sluice::gateway
