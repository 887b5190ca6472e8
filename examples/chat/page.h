// The page of the chat.
#pragma once

#include <string_view>

namespace chat_example {

// HTML, whole: style and script are in it.
extern const std::string_view kPage;

}  // namespace chat_example
