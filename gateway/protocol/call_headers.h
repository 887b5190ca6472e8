// Between HTTP header fields and call metadata, both ways.
#pragma once

#include "gateway/http/handler.h"
#include "gateway/http/message.h"
#include "rpc_core/base/metadata.h"
#include "rpc_core/base/result.h"

namespace sluice::gateway {

// What of a request goes to the backend: every end-to-end field in lower case, without those that belong to HTTP or to
// gRPC; "Grpc-Metadata-X" as "x", unless there is a plain "x"; user-agent as x-forwarded-user-agent; x-forwarded-for,
// -host, -proto and -client-cert as this gateway sees them; "-bin" values as raw bytes; the request id and the
// traceparent of the context, where there are any. INVALID_ARGUMENT for a "-bin" value that is no base64.
rpc::Result<rpc::Metadata> metadata_of_request(const RequestHead& head, const rpc::PeerInfo& peer,
                                               const RequestContext& context);

// Adds metadata of the backend to an answer's fields, but for those that belong to HTTP or gRPC; names get the prefix.
void add_response_metadata(const rpc::Metadata& metadata, std::string_view prefix, Headers& headers);

}  // namespace sluice::gateway
