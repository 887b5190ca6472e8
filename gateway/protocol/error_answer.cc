#include "gateway/protocol/error_answer.h"

#include <string>

namespace sluice::gateway {

Response ErrorAnswers::answer(int http_status, const rpc::Status& status) const {
  Response response(http_status);
  response.head.headers.add("Content-Type", content_type_of(body_.options().format));
  if (const auto delay = retry_after(status)) {
    response.head.headers.add("Retry-After", std::to_string(delay->count()));
  }
  response.body.reset(kResponseHeadroom);
  body_.write(status, http_status, response.body);
  return response;
}

Response ErrorAnswers::of_status(const rpc::Status& status) const {
  const int http_status = table_.of(status);
  const bool own_verdict = status.origin() != rpc::Status::Origin::Peer && (http_status == 502 || http_status == 503);
  if (!own_verdict) return answer(http_status, status);
  // Why a backend cannot be reached names its address, which is for the log only.
  return of_http(http_status, http_status == 503 ? "the backend cannot be reached" : status.message());
}

Response ErrorAnswers::of_http(int http_status, std::string_view message) const {
  return answer(http_status, rpc::Status(code_of_http_status(http_status), std::string(message)));
}

}  // namespace sluice::gateway
