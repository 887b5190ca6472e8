// RouteSettings: what some routes may have otherwise than the whole gateway.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "gateway/transcode/error_body.h"
#include "rpc_core/base/clock.h"

namespace sluice::gateway {

// Nothing: as the gateway, or the backend, has it.
struct RouteSettings {
  // The most that a call may take, whatever its client asks for; nothing inside: no limit.
  std::optional<std::optional<rpc::Duration>> timeout = {};
  std::optional<std::optional<rpc::Duration>> stream_timeout = {};  // of a stream, in place of the one above
  std::optional<std::size_t> max_request_bytes = {};
  std::optional<std::size_t> max_response_bytes = {};
  std::optional<bool> json_always_print = {};
  std::optional<bool> json_enums_as_ints = {};
  std::optional<bool> json_proto_names = {};
  std::optional<bool> json_pretty = {};
  std::optional<ErrorFormat> error_format = {};
  // Globs on lower-case names of the client's headers that go to the backend.
  std::optional<std::vector<std::string>> forward_headers = {};
  // The same for the backend's metadata that clients get, and for what of it they do not get.
  std::optional<std::vector<std::string>> return_headers = {};
  std::optional<std::vector<std::string>> withhold_headers = {};

  // Takes what `over` has.
  void override_by(const RouteSettings& over);
};

}  // namespace sluice::gateway
