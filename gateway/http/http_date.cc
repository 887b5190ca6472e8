// IMF-fixdate, without the locale of the process.
#include "gateway/http/http_date.h"

#include <algorithm>
#include <cstdio>

namespace sluice::gateway {

std::string_view HttpDate::at(std::time_t seconds) {
  static constexpr std::array kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  constexpr std::size_t kSize = 29;
  if (seconds != formatted_) {
    std::tm utc{};
    gmtime_r(&seconds, &utc);
    std::array<char, 64> line;
    std::snprintf(line.data(), line.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT", kDays[utc.tm_wday], utc.tm_mday,
                  kMonths[utc.tm_mon], utc.tm_year + 1900, utc.tm_hour, utc.tm_min, utc.tm_sec);
    std::copy_n(line.begin(), kSize, text_.begin());
    formatted_ = seconds;
  }
  return {text_.data(), kSize};
}

}  // namespace sluice::gateway
