// ErrorAnswers: every error of the gateway as an HTTP answer in the configured format.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "gateway/http/error_writer.h"
#include "gateway/protocol/answer_options.h"
#include "gateway/transcode/error_body.h"
#include "gateway/transcode/http_status.h"

namespace sluice::gateway {

// What a client is told whose call was cancelled because the gateway stops; as it is, like the words of a backend.
inline rpc::Status stopping_status() {
  return rpc::Status(rpc::StatusCode::Unavailable, "the gateway is stopping").with_origin(rpc::Status::Origin::Peer);
}

// Immutable: all threads may use it at once.
class ErrorAnswers final : public ErrorWriter {
 public:
  // `files`: the schema, whose types appear in the details of a backend's errors.
  ErrorAnswers(SchemaFiles files, ErrorBodyOptions body, const ErrorAnswerOptions& answers = {});
  // The same, of types that several share.
  ErrorAnswers(const std::shared_ptr<const PlanSet>& types, ErrorBodyOptions body, const ErrorAnswerOptions& answers);

  // A call's status; RetryInfo in its details gives Retry-After.
  Response of_status(const rpc::Status& status) const;
  // The same inside a stream: {"error": …} on one line, without a line end.
  rpc::Buffer in_band(const rpc::Status& status) const;
  // And where it is known to be an error: without the member "error" around it, on one line.
  rpc::Buffer one_line(const rpc::Status& status) const;
  const ErrorBodyOptions& options() const { return body_.options(); }

  // What a client may read of a call's status: it names no address of a backend.
  rpc::Status shown(const rpc::Status& status) const;
  // An error that the gateway itself found, such as 404.
  Response of_http(int http_status, std::string_view message) const;
  Response write_error(int http_status, std::string_view message, const RequestHead*) const override {
    return of_http(http_status, message);
  }

 private:
  Response answer(int http_status, const rpc::Status& status) const;

  ErrorBody body_;
  ErrorBody in_band_;
  HttpStatusTable table_;
  std::string www_authenticate_;
};

}  // namespace sluice::gateway
