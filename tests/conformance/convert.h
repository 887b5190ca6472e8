// Metadata and Status to and from the messages in which the conformance runner writes them.
#pragma once

#include <google/protobuf/repeated_ptr_field.h>

#include "connectrpc/conformance/v1/service.pb.h"
#include "rpc_core/base/metadata.h"
#include "rpc_core/base/status.h"

namespace sluice::rpc::conformance {

namespace v1 = connectrpc::conformance::v1;
using Headers = google::protobuf::RepeatedPtrField<v1::Header>;

// A Header may have capitals in its name; the values of "-bin" keys are base64 there.
void add_headers(const Headers& headers, Metadata& metadata);
void add_metadata(const Metadata& metadata, Headers& headers);

Status to_status(const v1::Error& error);
v1::Error to_error(const Status& status);

}  // namespace sluice::rpc::conformance
