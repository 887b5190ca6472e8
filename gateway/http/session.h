// Session: HTTP/1.1 on one connection, request after request (RFC 9110, RFC 9112).
#pragma once

#include <cstdint>
#include <memory>

#include "gateway/http/input.h"
#include "gateway/http/output.h"
#include "gateway/http/session_services.h"
#include "rpc_core/base/clock.h"
#include "rpc_core/base/task.h"
#include "rpc_core/base/task_group.h"
#include "rpc_core/transport/byte_stream.h"

namespace sluice::gateway {

class SessionExchange;

// Requests may be pipelined; they are handled and answered one after another, in order. The connection closes after
// what could leave client and server with different opinions of where the next request begins.
class Session final {
 public:
  enum class Mode : std::uint8_t { Serve, Refuse };  // Refuse: 503 at once, and close

  Session(SessionServices& services, std::unique_ptr<rpc::ByteStream> stream, Mode mode);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // Serves until the connection is closed. A stop breaks it off. Throws what a handler threw, after the answer to it.
  rpc::Task<void> run();
  // Closes the connection if it stands between two requests, and none comes soon that was on its way. For the rest, see
  // SessionServices::phase.
  void close_if_idle();
  // Breaks off the request that is handled, if there is one; it is answered, and the connection closes.
  void cancel_request();

 private:
  rpc::Task<void> converse(rpc::TaskGroup& group);
  rpc::Task<bool> await_request();
  rpc::Task<bool> serve_one();
  rpc::Task<void> refuse();
  rpc::Task<void> linger(rpc::Duration pause, rpc::Duration total);

  SessionServices& services_;
  const std::unique_ptr<rpc::ByteStream> stream_;
  const Mode mode_;
  Input input_;
  Output output_;
  SessionExchange* exchange_ = nullptr;  // of the moment
  bool idle_ = false;
};

}  // namespace sluice::gateway
