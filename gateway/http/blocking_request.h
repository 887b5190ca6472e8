// One HTTP request to somebody else, for threads that serve nobody and may wait.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "rpc_core/base/result.h"

namespace sluice::gateway {

struct HttpUrl {
  std::string host;
  std::string port;
  std::string path;  // begins with "/"
};

// "http://host[:port][/path]". INVALID_ARGUMENT says what was expected.
rpc::Result<HttpUrl> parse_http_url(std::string_view text);

// Both use a connection of their own and give the status of the answer. UNAVAILABLE: nobody answered within the
// timeout, or not in HTTP.
rpc::Result<int> get(const HttpUrl& url, std::chrono::milliseconds timeout);
rpc::Result<int> post_json(const HttpUrl& url, const std::string& body, std::chrono::milliseconds timeout);

}  // namespace sluice::gateway
