// Between gRPC status codes and HTTP statuses, both ways.
#pragma once

#include <array>

#include "rpc_core/base/status.h"

namespace sluice::gateway {

// gRPC to HTTP; a value that starts as the default table and takes overrides while the configuration is loaded.
class HttpStatusTable {
 public:
  HttpStatusTable();

  // Codes of 17 or more are not in the table and always 500.
  void set(rpc::StatusCode code, int http_status);
  int of(rpc::StatusCode code) const;
  // Also by origin: what the peer sent goes by the table; a broken peer or connection is 502, or 503 or 429 by the
  // HTTP/2 reset code; an unreachable one 503; an answer over our limit is 502, never 429.
  int of(const rpc::Status& status) const;

 private:
  std::array<int, 17> http_;
};

// The code in the body of an error that the gateway itself answers with this HTTP status.
rpc::StatusCode code_of_http_status(int http_status);

}  // namespace sluice::gateway
