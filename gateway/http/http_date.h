// HttpDate: the value of the Date field, formatted once a second.
#pragma once

#include <array>
#include <ctime>
#include <string_view>

namespace sluice::gateway {

// One a thread.
class HttpDate {
 public:
  // "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 section 5.6.7); valid until the next call.
  std::string_view at(std::time_t seconds);

 private:
  std::time_t formatted_ = -1;
  std::array<char, 30> text_{};
};

}  // namespace sluice::gateway
