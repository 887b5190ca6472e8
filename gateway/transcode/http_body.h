// google.api.HttpBody: raw bytes with a content type instead of JSON, in a message or as the message.
#pragma once

#include <google/protobuf/descriptor.h>

#include <cstdint>
#include <string_view>

#include "gateway/transcode/transcoder.h"
#include "gateway/transcode/wire_output.h"
#include "rpc_core/base/result.h"

namespace sluice::gateway {

// nullptr is none.
bool is_http_body(const google::protobuf::Descriptor* message);

// Appends an HttpBody as the content of field `field`; 0: as the whole message.
void write_http_body(const RawBody& body, std::uint32_t field, WireOutput& out);

// The HttpBody in field `field` of `message`; 0: the message is one. Absent fields are empty. An error for malformed
// bytes.
rpc::Result<RawBody> read_http_body(std::string_view message, std::uint32_t field);

}  // namespace sluice::gateway
