// Error bodies: the three shapes, and details of known, unknown and malformed types.
#include "gateway/transcode/error_body.h"

#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>

#include "tests/gateway/transcode/engines.h"

namespace sluice::gateway {
namespace {

std::string body_of(const rpc::Status& status, int http_status, ErrorBodyOptions options = {}) {
  const google::protobuf::FileDescriptor* const files[] = {library_file()};
  const ErrorBody body(detail_types(SchemaFiles(files)), options);
  rpc::Buffer out;
  body.write(status, {http_status, "Not Found"}, out);
  return std::string(out.text());
}

rpc::Status with_details(std::initializer_list<google::protobuf::Any> details) {
  google::rpc::Status encoded;
  for (const auto& detail : details) *encoded.add_details() = detail;
  rpc::Status status(rpc::StatusCode::NotFound, "no shelf 7");
  status.set_details(encoded.SerializeAsString());
  return status;
}

google::protobuf::Any packed(const google::protobuf::Message& message) {
  google::protobuf::Any any;
  any.PackFrom(message);
  return any;
}

TEST(ErrorBody, HasThreeShapes) {
  const rpc::Status status(rpc::StatusCode::NotFound, "no \"shelf\"");
  EXPECT_EQ(body_of(status, 404), R"({"code":5,"message":"no \"shelf\"","details":[]})");
  EXPECT_EQ(body_of(status, 404, {.format = ErrorFormat::Google}),
            R"({"error":{"code":404,"message":"no \"shelf\"","status":"NOT_FOUND","details":[]}})");
  EXPECT_EQ(body_of(status, 404, {.format = ErrorFormat::Problem}),
            R"({"type":"about:blank","title":"Not Found","status":404,"detail":"no \"shelf\"","code":"NOT_FOUND",)"
            R"("details":[]})");
}

TEST(ErrorBody, DecodesDetailsOfKnownTypes) {
  google::rpc::ErrorInfo info;
  info.set_reason("GONE");
  test::Author author;
  author.set_name("x");
  EXPECT_EQ(body_of(with_details({packed(info), packed(author)}), 404),
            R"({"code":5,"message":"no shelf 7","details":[)"
            R"({"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"GONE"},)"
            R"({"@type":"type.googleapis.com/sluice.test.Author","name":"x"}]})");
}

TEST(ErrorBody, ShowsUnknownAndMalformedDetailsAsBase64) {
  google::protobuf::Any unknown;
  unknown.set_type_url("type.googleapis.com/x.Y");
  unknown.set_value("\xFF");
  google::protobuf::Any malformed = packed(test::Author());
  malformed.set_value("\x0A\x05");
  EXPECT_EQ(body_of(with_details({unknown, malformed}), 404),
            R"({"code":5,"message":"no shelf 7","details":[{"@type":"type.googleapis.com/x.Y","value":"/w=="},)"
            R"({"@type":"type.googleapis.com/sluice.test.Author","value":"CgU="}]})");
}

TEST(ErrorBody, DropsDebugInfoUnlessSwitchedOn) {
  google::rpc::DebugInfo debug;
  debug.set_detail("stack");
  const rpc::Status status = with_details({packed(debug)});
  EXPECT_EQ(body_of(status, 404), R"({"code":5,"message":"no shelf 7","details":[]})");
  EXPECT_NE(body_of(status, 404, {.show_debug_info = true}).find("stack"), std::string::npos);
}

TEST(ErrorBody, SurvivesMalformedDetailsAndMessages) {
  rpc::Status status(static_cast<rpc::StatusCode>(77), "bad \xFF byte");
  status.set_details("\xFF\xFF");
  EXPECT_EQ(body_of(status, 500), "{\"code\":77,\"message\":\"bad \xEF\xBF\xBD byte\",\"details\":[]}");
}

TEST(ErrorBody, TakesRetryAfterFromRetryInfo) {
  google::rpc::RetryInfo retry;
  retry.mutable_retry_delay()->set_seconds(2);
  retry.mutable_retry_delay()->set_nanos(1);
  EXPECT_EQ(retry_after(with_details({packed(retry)})), std::chrono::seconds(3));
  EXPECT_EQ(retry_after(with_details({})), std::nullopt);
}

}  // namespace
}  // namespace sluice::gateway
