// How a call's end looks on the wire: trailers with grpc-status, an HTTP status instead, or a RST_STREAM.
#pragma once

#include <cstdint>

#include "rpc_core/base/metadata.h"
#include "rpc_core/base/status.h"

namespace sluice::rpc {

// Appends grpc-status, grpc-message and grpc-status-details-bin.
void append_status(const Status& status, Metadata& block);

// The status that trailers tell; UNKNOWN when they lack grpc-status or it is no number.
Status status_of_trailers(const Metadata& block);

// For a response without grpc-status. https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md
StatusCode status_code_of_http(int http_status);

// For a stream that ended by RST_STREAM without trailers (PROTOCOL-HTTP2.md, "Errors").
StatusCode status_code_of_reset(std::uint32_t http2_error_code);

}  // namespace sluice::rpc
