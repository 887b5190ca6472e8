// Between HTTP header fields and call metadata, both ways.
#pragma once

#include "gateway/http/handler.h"
#include "gateway/http/message.h"
#include "gateway/protocol/returned_headers.h"
#include "rpc_core/base/metadata.h"
#include "rpc_core/base/result.h"

namespace sluice::gateway {

// What of a request goes to the backend: every end-to-end field in lower case, without those that belong to HTTP or to
// gRPC; "Grpc-Metadata-X" as "x", unless there is a plain "x"; user-agent as x-forwarded-user-agent; x-forwarded-for,
// -host, -proto and -client-cert as this gateway sees them (the first three as a trusted peer tells them, its own
// address added); "-bin" values as raw bytes; the request id and the traceparent of the context, where there are any.
// INVALID_ARGUMENT for a "-bin" value that is no base64.
rpc::Result<rpc::Metadata> metadata_of_request(const RequestHead& head, const rpc::PeerInfo& peer,
                                               const RequestContext& context);

// Adds the metadata of the backend that may be returned to an answer's fields, but for what belongs to HTTP or gRPC;
// names get the prefix.
void add_response_metadata(const rpc::Metadata& metadata, std::string_view prefix, const ReturnedHeaders& returned,
                           Headers& headers);

}  // namespace sluice::gateway
