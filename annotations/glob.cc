// Glob matching that goes back to the last "*" only.
#include "annotations/glob.h"

#include <cstddef>

namespace sluice::http_rule {

bool glob_matches(std::string_view pattern, std::string_view text) {
  std::size_t in_pattern = 0;
  std::size_t in_text = 0;
  std::size_t behind_star = std::string_view::npos;
  std::size_t star_end = 0;  // what the last star has taken so far ends here
  while (in_text < text.size()) {
    const std::string_view wanted = pattern.substr(in_pattern, 1);
    if (wanted == "*") {
      behind_star = ++in_pattern;
      star_end = in_text;
    } else if (wanted == "?" || wanted == text.substr(in_text, 1)) {
      ++in_pattern;
      ++in_text;
    } else if (behind_star != std::string_view::npos) {
      in_pattern = behind_star;
      in_text = ++star_end;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', in_pattern) == std::string_view::npos;
}

}  // namespace sluice::http_rule
