// Metadata between its form in the API (raw bytes) and its form in HTTP/2 header blocks (base64 for "-bin" keys).
#pragma once

#include "rpc_core/base/metadata.h"

namespace sluice::rpc {

// Appends the application's metadata to a header block. Pairs that cannot travel are left out: keys that are empty,
// have other bytes than [0-9a-z_.-], or belong to the protocol ("grpc-…", ":…", "te", "content-type", …), and ASCII
// values with bytes outside 0x20..0x7E.
void append_to_block(const Metadata& metadata, Metadata& block);

// The application's part of a header block that came. Base64 may be padded or not, and several values joined by commas
// are several values; a value that is no base64 is left out.
Metadata metadata_of_block(const Metadata& block);

// Whether a key belongs to gRPC or HTTP/2 rather than to the application.
bool is_reserved_key(std::string_view key);

}  // namespace sluice::rpc
