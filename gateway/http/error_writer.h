// ErrorWriter: how the errors that the session itself finds look to the client.
#pragma once

#include <string>
#include <string_view>

#include "gateway/http/message.h"

namespace sluice::gateway {

// What is wrong with a request, as the client will read it.
struct HttpError {
  int status;
  std::string message;
};

// Given to the session by who builds the program, so that all errors of the gateway share one format.
class ErrorWriter {
 public:
  virtual ~ErrorWriter() = default;
  // head is null when the request had none that could be read.
  virtual Response write_error(int http_status, std::string_view message, const RequestHead* head) const = 0;
};

// A google.rpc.Status as JSON: {"code":3,"message":"…","details":[]}.
class JsonErrorWriter final : public ErrorWriter {
 public:
  Response write_error(int http_status, std::string_view message, const RequestHead* head) const override;
};

}  // namespace sluice::gateway
