// Glob patterns on names: "library.*", "*.v1.Shelves".
#pragma once

#include <string_view>

namespace sluice::http_rule {

// "*" matches any run of characters, none included; "?" any one. In time linear in the product of the sizes.
bool glob_matches(std::string_view pattern, std::string_view text);

}  // namespace sluice::http_rule
