// What would become of a request: for a person who wonders why.
#pragma once

#include <string>
#include <string_view>

#include "gateway/route/route_table.h"

namespace sluice::gateway {

struct ExplainedRequest {
  std::string_view method;
  std::string_view target;  // "/v1/books?page_size=2", or a whole URL
  std::string_view body;
};

struct Explanation {
  bool is_served = false;  // the request reaches a backend
  std::string text;        // lines
};

// The route, what the query asks of the answer, the fields with their sources, the request message as JSON; or the HTTP
// status of the answer and why. A message of a stream is explained as the first one.
Explanation explain(const RouteTable& table, const ExplainedRequest& request);

}  // namespace sluice::gateway
