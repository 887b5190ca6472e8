// Errors as HTTP answers: status by origin and code, the body, what is hidden.
#include "gateway/protocol/error_answer.h"

#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>
#include <gtest/gtest.h>

#include <string>

namespace sluice::gateway {
namespace {

using Origin = rpc::Status::Origin;
using rpc::Status;
using rpc::StatusCode;

constexpr std::uint32_t kNoReset = 99;
constexpr std::uint32_t kInternalError = 2;
constexpr std::uint32_t kRefusedStream = 7;
constexpr std::uint32_t kEnhanceYourCalm = 11;

std::string body_of(int code, const std::string& message) {
  return "{\"code\":" + std::to_string(code) + ",\"message\":\"" + message + "\",\"details\":[]}";
}

struct Case {
  Origin origin;
  StatusCode code;
  std::uint32_t reset;
  int http_status;
  int body_code;
  const char* message;
};

constexpr const char* kSame = "at 10.0.0.7:50051";
constexpr const char* kUnreachable = "the backend cannot be reached";

const Case kCases[] = {
    {Origin::Peer, StatusCode::Cancelled, kNoReset, 499, 1, kSame},
    {Origin::Peer, StatusCode::Unknown, kNoReset, 500, 2, kSame},
    {Origin::Peer, StatusCode::InvalidArgument, kNoReset, 400, 3, kSame},
    {Origin::Peer, StatusCode::DeadlineExceeded, kNoReset, 504, 4, kSame},
    {Origin::Peer, StatusCode::NotFound, kNoReset, 404, 5, kSame},
    {Origin::Peer, StatusCode::AlreadyExists, kNoReset, 409, 6, kSame},
    {Origin::Peer, StatusCode::PermissionDenied, kNoReset, 403, 7, kSame},
    {Origin::Peer, StatusCode::ResourceExhausted, kNoReset, 429, 8, kSame},
    {Origin::Peer, StatusCode::Unimplemented, kNoReset, 501, 12, kSame},
    {Origin::Peer, StatusCode::Unavailable, kNoReset, 503, 14, kSame},
    {Origin::Peer, StatusCode::Unauthenticated, kNoReset, 401, 16, kSame},
    {Origin::Peer, static_cast<StatusCode>(77), kNoReset, 500, 77, kSame},
    {Origin::Local, StatusCode::Unavailable, kNoReset, 503, 14, kUnreachable},
    {Origin::Local, StatusCode::DeadlineExceeded, kNoReset, 504, 4, kSame},
    {Origin::Local, StatusCode::ResourceExhausted, kNoReset, 502, 13, kSame},
    {Origin::Local, StatusCode::InvalidArgument, kNoReset, 400, 3, kSame},
    {Origin::Transport, StatusCode::Unavailable, kNoReset, 503, 14, kUnreachable},
    {Origin::Transport, StatusCode::Internal, kNoReset, 502, 13, kSame},
    {Origin::Transport, StatusCode::Unknown, kInternalError, 502, 13, kSame},
    {Origin::Transport, StatusCode::Unavailable, kRefusedStream, 503, 14, "the backend refused the call"},
    {Origin::Transport, StatusCode::ResourceExhausted, kEnhanceYourCalm, 429, 8, kSame},
};

TEST(ErrorAnswers, DependOnWhoFailedAndHow) {
  const ErrorAnswers errors{SchemaFiles(), ErrorBodyOptions()};
  for (const Case& one : kCases) {
    Status status = Status(one.code, kSame).with_origin(one.origin);
    if (one.reset != kNoReset) status.set_reset_code(one.reset);
    const Response answer = errors.of_status(status);
    const std::string name = status.to_string();
    EXPECT_EQ(answer.head.status, one.http_status) << name;
    EXPECT_EQ(answer.body.text(), body_of(one.body_code, one.message)) << name;
    EXPECT_EQ(answer.head.headers, (Headers{{"Content-Type", "application/json"}})) << name;
    EXPECT_GE(answer.body.headroom(), kResponseHeadroom) << name;
    EXPECT_EQ(errors.in_band(status).text(), "{\"error\":" + body_of(one.body_code, one.message) + "}") << name;
  }
}

TEST(ErrorAnswers, GiveOwnErrorsACode) {
  const ErrorAnswers errors{SchemaFiles(), ErrorBodyOptions()};
  const std::pair<int, int> cases[] = {{400, 3}, {403, 7},  {404, 5},  {405, 12}, {406, 3},  {408, 4},
                                       {413, 8}, {414, 8},  {415, 3},  {417, 3},  {426, 12}, {431, 8},
                                       {499, 1}, {500, 13}, {502, 13}, {503, 14}, {504, 4}};
  for (const auto& [http_status, code] : cases) {
    const Response answer = errors.write_error(http_status, "why", nullptr);
    EXPECT_EQ(answer.head.status, http_status);
    EXPECT_EQ(answer.body.text(), body_of(code, "why"));
  }
}

TEST(ErrorAnswers, TakeRetryAfterFromTheDetails) {
  google::rpc::RetryInfo retry;
  retry.mutable_retry_delay()->set_seconds(1);
  retry.mutable_retry_delay()->set_nanos(1);
  google::rpc::Status details;
  details.add_details()->PackFrom(retry);
  Status status = Status(StatusCode::Unavailable, "busy").with_origin(Origin::Peer);
  status.set_details(details.SerializeAsString());
  const ErrorAnswers errors{SchemaFiles(), ErrorBodyOptions()};
  EXPECT_EQ(errors.of_status(status).head.headers.get("Retry-After"), "2");
}

TEST(ErrorAnswers, HaveThreeFormats) {
  struct Format {
    ErrorFormat format;
    const char* content_type;
    const char* body;
    const char* in_band;
  };
  const Format formats[] = {
      {ErrorFormat::Status, "application/json", R"({"code":5,"message":"why","details":[]})",
       R"({"error":{"code":5,"message":"why","details":[]}})"},
      {ErrorFormat::Google, "application/json",
       R"({"error":{"code":404,"message":"why","status":"NOT_FOUND","details":[]}})",
       R"({"error":{"code":404,"message":"why","status":"NOT_FOUND","details":[]}})"},
      {ErrorFormat::Problem, "application/problem+json",
       R"({"type":"about:blank","title":"Not Found","status":404,"detail":"why","code":"NOT_FOUND","details":[]})",
       R"({"error":{"code":5,"message":"why","details":[]}})"},
  };
  const Status status = Status(StatusCode::NotFound, "why").with_origin(Origin::Peer);
  for (const Format& one : formats) {
    ErrorBodyOptions options;
    options.format = one.format;
    const ErrorAnswers errors{SchemaFiles(), options};
    const Response answer = errors.of_status(status);
    EXPECT_EQ(answer.head.headers.get("Content-Type"), one.content_type);
    EXPECT_EQ(answer.body.text(), one.body);
    options.pretty = true;
    const ErrorAnswers pretty{SchemaFiles(), options};
    EXPECT_EQ(pretty.in_band(status).text(), one.in_band);
  }
}

TEST(ErrorAnswers, TakeWhatTheConfigurationSays) {
  ErrorAnswerOptions options;
  options.statuses = {{rpc::StatusCode::NotFound, 410}, {rpc::StatusCode::Aborted, 503}};
  options.www_authenticate = "Bearer realm=\"api\"";
  const ErrorAnswers errors{SchemaFiles(), ErrorBodyOptions(), options};
  const auto of_peer = [&](rpc::StatusCode code) {
    return errors.of_status(rpc::Status(code, "why").with_origin(rpc::Status::Origin::Peer)).head;
  };
  EXPECT_EQ(of_peer(rpc::StatusCode::NotFound).status, 410);
  EXPECT_EQ(of_peer(rpc::StatusCode::Aborted).status, 503);
  EXPECT_EQ(of_peer(rpc::StatusCode::Internal).status, 500);
  EXPECT_EQ(errors.of_http(404, "no route").head.status, 404);
  EXPECT_EQ(of_peer(rpc::StatusCode::Unauthenticated).headers.get("WWW-Authenticate"), "Bearer realm=\"api\"");
  EXPECT_FALSE(of_peer(rpc::StatusCode::PermissionDenied).headers.contains("WWW-Authenticate"));
}

}  // namespace
}  // namespace sluice::gateway
