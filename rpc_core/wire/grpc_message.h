// The grpc-message header: percent-encoded UTF-8.
#pragma once

#include <string>
#include <string_view>

namespace sluice::rpc {

// Encodes every byte outside 0x20..0x7E, and '%', as %XX in upper case.
std::string encode_grpc_message(std::string_view message);

// The opposite. It never fails: what is no %XX stays as it is.
std::string decode_grpc_message(std::string_view text);

}  // namespace sluice::rpc
