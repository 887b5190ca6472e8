// The head of a request: is it gRPC, and what does it ask for; or how to refuse it.
#pragma once

#include <optional>
#include <string_view>
#include <variant>

#include "rpc_core/base/clock.h"
#include "rpc_core/base/metadata.h"
#include "rpc_core/base/status.h"
#include "rpc_core/wire/compression.h"

namespace sluice::rpc {

// Its views are of the header block.
struct CallHead {
  std::string_view path;
  std::string_view authority;
  std::optional<Duration> timeout;
  Compression encoding = Compression::Identity;  // of the client's messages
  std::string_view accepted_encodings;
};

// A response of headers only.
struct Refusal {
  int http_status;
  std::optional<Status> status;  // grpc-status and grpc-message, where the client may read them
};

// PROTOCOL-HTTP2.md, "Requests".
std::variant<CallHead, Refusal> read_call_head(const Metadata& block);

}  // namespace sluice::rpc
