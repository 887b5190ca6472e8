// Base64 as metadata with "-bin" keys uses it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sluice::rpc {

// Standard alphabet, without padding.
std::string encode_base64(std::string_view bytes);

// With or without padding, standard alphabet; nothing for anything else.
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace sluice::rpc
