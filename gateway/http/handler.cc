// Which HTTP status belongs to which error of a request body.
#include "gateway/http/handler.h"

namespace sluice::gateway {

int http_status_of_body_error(const rpc::Status& error) {
  switch (error.code()) {
    case rpc::StatusCode::ResourceExhausted:
      return 413;
    case rpc::StatusCode::DeadlineExceeded:
      return 408;
    case rpc::StatusCode::Cancelled:
      return 499;
    default:
      return 400;
  }
}

}  // namespace sluice::gateway
