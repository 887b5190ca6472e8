// Typed RPCs over protobuf messages: what generated code includes, and all that a user of it needs.
#pragma once

#include <string>
#include <string_view>

#include "rpc_core/call/client_stream.h"
#include "rpc_core/call/serve.h"
#include "rpc_core/call/service.h"

namespace sluice::rpc {

// One unary call. The request is encoded before this returns; the call starts when the task is awaited. The path, what
// the options point to and `received` live until the task is done.
template <class Response>
Task<Result<Response>> call_typed(Caller& caller, std::string_view path, Result<Buffer> request, CallOptions options,
                                  ResponseMetadata* received) {
  const Result<Buffer> response = co_await call_unary(caller, path, std::move(request), options, received);
  co_return decode<Response>(response);
}

// What a method that nobody implements answers with.
inline Status unimplemented(std::string_view path) {
  return Status(StatusCode::Unimplemented, "this server does not implement " + std::string(path));
}

}  // namespace sluice::rpc
