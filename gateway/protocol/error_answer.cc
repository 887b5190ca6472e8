// What a client may read of an error, as a whole answer or inside a stream.
#include "gateway/protocol/error_answer.h"

#include <string>

namespace sluice::gateway {
namespace {

ErrorBodyOptions in_band_options(ErrorBodyOptions options) {
  options.pretty = false;
  if (options.format == ErrorFormat::Problem) options.format = ErrorFormat::Status;
  return options;
}

}  // namespace

ErrorAnswers::ErrorAnswers(SchemaFiles files, ErrorBodyOptions body, const ErrorAnswerOptions& answers)
    : ErrorAnswers(detail_types(files), body, answers) {}

ErrorAnswers::ErrorAnswers(const std::shared_ptr<const PlanSet>& types, ErrorBodyOptions body,
                           const ErrorAnswerOptions& answers)
    : body_(types, body), in_band_(types, in_band_options(body)), www_authenticate_(answers.www_authenticate) {
  for (const StatusOverride& one : answers.statuses) table_.set(one.code, one.http_status);
}

Response ErrorAnswers::answer(int http_status, const rpc::Status& status) const {
  Response response(http_status);
  response.head.headers.add("Content-Type", content_type_of(body_.options().format));
  if (http_status == 401 && !www_authenticate_.empty()) {
    response.head.headers.add("WWW-Authenticate", www_authenticate_);
  }
  if (const auto delay = retry_after(status)) {
    response.head.headers.add("Retry-After", std::to_string(delay->count()));
  }
  response.body.reset(kResponseHeadroom);
  body_.write(status, {http_status, reason_phrase(http_status)}, response.body);
  return response;
}

rpc::Status ErrorAnswers::shown(const rpc::Status& status) const {
  const int http_status = table_.of(status);
  const bool own_verdict = status.origin() != rpc::Status::Origin::Peer && (http_status == 502 || http_status == 503);
  if (!own_verdict) return status;
  std::string message = status.message();
  // Why a backend cannot be reached names its address, which is for the log only.
  if (http_status == 503)
    message = status.reset_code() ? "the backend refused the call" : "the backend cannot be reached";
  return rpc::Status(code_of_http_status(http_status), std::move(message));
}

Response ErrorAnswers::of_status(const rpc::Status& status) const { return answer(table_.of(status), shown(status)); }

rpc::Buffer ErrorAnswers::in_band(const rpc::Status& status) const {
  if (in_band_.options().format == ErrorFormat::Google) return one_line(status);
  rpc::Buffer out = rpc::Buffer::copy_of("{\"error\":");
  out.append(one_line(status).bytes());
  out.push_back('}');
  return out;
}

rpc::Buffer ErrorAnswers::one_line(const rpc::Status& status) const {
  rpc::Buffer out;
  const int http_status = table_.of(status);
  in_band_.write(shown(status), {http_status, reason_phrase(http_status)}, out);
  return out;
}

Response ErrorAnswers::of_http(int http_status, std::string_view message) const {
  return answer(http_status, rpc::Status(code_of_http_status(http_status), std::string(message)));
}

}  // namespace sluice::gateway
