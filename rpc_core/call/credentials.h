// Credentials of a call: metadata, a token for one, that is made anew for each call.
#pragma once

#include <functional>
#include <string>

#include "rpc_core/base/metadata.h"
#include "rpc_core/base/result.h"
#include "rpc_core/base/task.h"

namespace sluice::rpc {

// Whom the credentials are for.
struct CallTarget {
  std::string authority;  // "library.example:443"
  std::string path;       // "/package.Service/Method"
};

// Awaited once a call, when it has a connection and before its headers go out; the metadata is sent behind the call's
// own. The call's deadline and cancellation stop it. An error is the call's status, where the code is one of those that
// only an application may give it becomes INTERNAL; an exception is UNAVAILABLE. It may run for several calls at a
// time. The target is valid until the task is done. For CallOptions::credentials.
//
//   const CallCredentials token = [&](const CallTarget& target) -> Task<Result<Metadata>> {
//     Result<std::string> fresh = co_await tokens.get(target.authority);
//     if (!fresh) co_return fail(fresh.error());
//     Metadata metadata;
//     metadata.add("authorization", "Bearer " + *fresh);
//     co_return metadata;
//   };
//   co_await greeter.say_hello(request, {.timeout = 1s, .credentials = &token});
using CallCredentials = std::function<Task<Result<Metadata>>(const CallTarget&)>;

// Asks them; what it gives as an error may be a call's status.
// https://github.com/grpc/proposal/blob/master/A54-restrict-control-plane-status-codes.md
Task<Result<Metadata>> ask_credentials(const CallCredentials& credentials, const CallTarget& target);

}  // namespace sluice::rpc
