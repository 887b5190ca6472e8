// AnswerOptions and ErrorAnswerOptions: what clients may ask of an answer, and how errors are told, as plain values.
#pragma once

#include <string>
#include <vector>

#include "rpc_core/base/status.h"

namespace sluice::gateway {

struct AnswerOptions {
  bool strict_accept = false;      // 406 for an Accept that nothing we produce fits, instead of JSON
  bool system_parameters = false;  // "$alt", "$prettyPrint"
  bool partial_responses = false;  // "fields", "$fields", X-Goog-FieldMask
};

// The HTTP status of a gRPC code, in place of the usual one.
struct StatusOverride {
  rpc::StatusCode code = rpc::StatusCode::Unknown;
  int http_status = 500;
};

struct ErrorAnswerOptions {
  std::vector<StatusOverride> statuses;
  std::string www_authenticate;  // of a 401; empty: it says nothing of what would do
};

}  // namespace sluice::gateway
