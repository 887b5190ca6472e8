// Unary calls in bytes: the rule "exactly one message", on the client's side and on the server's.
#pragma once

#include <string_view>

#include "rpc_core/base/result.h"
#include "rpc_core/call/call.h"

namespace sluice::rpc {

// What came beside the response of a unary call. A call that ended without headers has everything in the trailers.
struct ResponseMetadata {
  Metadata headers;
  Metadata trailers;
};

// One call with one request and one response. An error in place of the request is the outcome, and nothing is started.
// The path, what the options point to, and `received` (which may be null) live until the task is done.
Task<Result<Buffer>> call_unary(Caller& caller, std::string_view path, Result<Buffer> request, CallOptions options,
                                ResponseMetadata* received);

// The only response of a call, or its status. UNIMPLEMENTED: the server sent none, or more than one (then the call may
// still run). https://github.com/grpc/grpc/blob/master/doc/statuscodes.md
Task<Result<Buffer>> single_response(Call& call);

// The only request of a call, once the client has half-closed. UNIMPLEMENTED: it sent none, or more than one.
Task<Result<Buffer>> single_request(ServerCall& call);

}  // namespace sluice::rpc
