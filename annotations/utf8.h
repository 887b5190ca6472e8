// UTF-8 (RFC 3629): is this text valid?
#pragma once

#include <string_view>

namespace sluice::http_rule {

// No overlong forms, no surrogates, nothing above U+10FFFF.
bool is_utf8(std::string_view text);

}  // namespace sluice::http_rule
