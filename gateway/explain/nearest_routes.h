// The routes that a path almost matches, and what keeps it from each of them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "annotations/path_template.h"
#include "gateway/route/route_table.h"

namespace sluice::gateway {

struct NearMiss {
  std::size_t route = 0;
  std::string reason;  // "segment 2: expected \"shelves\", got \"shelfs\""
  int score = 0;       // more is nearer
};

// Why the template does not match the raw path.
NearMiss compare_path(const http_rule::PathTemplate& path_template, std::string_view path);

// The nearest first, `most` at most; routes that have nothing in common with the path are left out.
std::vector<NearMiss> nearest_routes(const RouteTable& table, std::string_view path, std::size_t most);

}  // namespace sluice::gateway
