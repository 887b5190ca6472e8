// The seam between a client's protocol and the proxy: one exchange as a stream of encoded messages.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "gateway/http/request_context.h"
#include "rpc_core/base/buffer.h"
#include "rpc_core/base/clock.h"
#include "rpc_core/base/metadata.h"
#include "rpc_core/base/result.h"
#include "rpc_core/base/task.h"

namespace sluice::gateway {

// The call that an exchange asks for: known once its head is bound.
struct CallPlan {
  std::string_view path;  // "/package.Service/Method", of the route table
  bool client_streams = false;
  bool server_streams = false;
  bool full_duplex = false;  // the call starts at once, whether or not there is a message yet
  rpc::Metadata metadata;
  std::optional<rpc::Duration> timeout;
  std::size_t max_response_bytes = 0;
  CallCounts* counts = nullptr;  // where the call is counted; nullptr: nowhere
};

// What the proxy pumps. One read() and, in a stream, attend() may overlap with the writing side; begin, write and end
// follow each other, and end() overlaps with nothing.
class Exchange {
 public:
  virtual ~Exchange() = default;

  virtual const CallPlan& plan() const = 0;
  // The next request message, encoded, with kMessagePrefixBytes of head-room; nothing: there are no more. An error ends
  // the exchange: it is handed to end().
  virtual rpc::Task<rpc::Result<std::optional<rpc::Buffer>>> read() = 0;
  // Beside the pump of a stream, until it is stopped: what falls due without a message. When it ends by itself, nobody
  // wants the call any more.
  virtual rpc::Task<void> attend() = 0;
  // The call's initial metadata, as soon as it is there.
  virtual rpc::Task<bool> begin(const rpc::Metadata& metadata) = 0;
  // The next response message, encoded. False: nobody takes it any more.
  virtual rpc::Task<bool> write(rpc::Buffer message) = 0;
  // The call's status, as the client's protocol shows it. Last, and once.
  virtual rpc::Task<void> end(const rpc::Status& status, const rpc::Metadata& trailers) = 0;
};

}  // namespace sluice::gateway
