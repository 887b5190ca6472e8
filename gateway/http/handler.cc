// Which HTTP status belongs to which error of a request body; what a Responder cannot do by itself.
#include "gateway/http/handler.h"

namespace sluice::gateway {

rpc::Task<WebSocket*> Responder::upgrade(std::size_t) { co_return nullptr; }

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
