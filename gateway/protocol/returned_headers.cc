// Glob by glob.
#include "gateway/protocol/returned_headers.h"

#include <algorithm>

#include "annotations/glob.h"

namespace sluice::gateway {

bool ReturnedHeaders::allows(std::string_view name) const {
  const auto fits = [&](const std::string& glob) { return http_rule::glob_matches(glob, name); };
  if (std::ranges::any_of(withheld, fits)) return false;
  return !allowed || std::ranges::any_of(*allowed, fits);
}

}  // namespace sluice::gateway
