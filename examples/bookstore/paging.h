// Paging through a sorted map: a token is the key of the last entry of the page before.
#pragma once

#include <algorithm>
#include <string>

#include "examples/bookstore/errors.h"
#include "examples/bookstore/resource_name.h"
#include "rpc_core/base/result.h"

namespace bookstore {

inline constexpr int kDefaultPageSize = 50;
inline constexpr int kLargestPageSize = 100;

// Calls add(value) for each entry of the page that the request asks for, and gives the token of the next page, empty
// after the last. A page stays right when entries come and go between the requests.
template <class Request, class Map, class Add>
sluice::rpc::Result<std::string> list_page(const Request& request, const Map& map, Add add) {
  const std::string& token = request.page_token();
  if (request.page_size() < 0) {
    return sluice::rpc::fail(invalid("page_size", "expected 0 or more, got " + std::to_string(request.page_size())));
  }
  if (!token.empty() && !is_resource_id(token)) {
    return sluice::rpc::fail(invalid("page_token", "expected a next_page_token, got \"" + token + "\""));
  }
  const int size = request.page_size() == 0 ? kDefaultPageSize : std::min(request.page_size(), kLargestPageSize);
  auto entry = token.empty() ? map.begin() : map.upper_bound(token);
  std::string last;
  for (int i = 0; i < size && entry != map.end(); ++i, ++entry) {
    add(entry->second);
    last = entry->first;
  }
  return entry == map.end() ? std::string() : last;
}

}  // namespace bookstore
