// A call's end on the wire: trailers, HTTP statuses and resets.
#include "rpc_core/wire/status_trailers.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/support/print_status.h"

namespace sluice::rpc {
namespace {

Metadata trailers_of(const Status& status) {
  Metadata block;
  append_status(status, block);
  return block;
}

TEST(StatusTrailers, SaysNothingButZeroForAGoodEnd) {
  EXPECT_EQ(trailers_of(Status(StatusCode::Ok, "ignored")), (Metadata{{"grpc-status", "0"}}));
}

TEST(StatusTrailers, WritesCodeMessageAndDetails) {
  Status status(StatusCode::NotFound, "no 100%");
  status.set_details(std::string("\x08\x05", 2));
  EXPECT_EQ(trailers_of(status),
            (Metadata{{"grpc-status", "5"}, {"grpc-message", "no 100%25"}, {"grpc-status-details-bin", "CAU"}}));
  EXPECT_EQ(status_of_trailers(trailers_of(status)), status);
  EXPECT_EQ(status_of_trailers(trailers_of(status)).origin(), Status::Origin::Peer);
}

TEST(StatusTrailers, KeepsCodesThatHaveNoName) {
  const Metadata block{{"grpc-status", "42"}};
  EXPECT_EQ(static_cast<int>(status_of_trailers(block).code()), 42);
}

TEST(StatusTrailers, IsUnknownWithoutAUsableStatus) {
  for (const char* text : {"", "x", "-1", "1x", " 1", "99999999999"}) {
    const Metadata block{{"grpc-status", text}};
    EXPECT_EQ(status_of_trailers(block).code(), StatusCode::Unknown) << text;
    EXPECT_EQ(status_of_trailers(block).origin(), Status::Origin::Transport);
  }
  EXPECT_EQ(status_of_trailers(Metadata()).code(), StatusCode::Unknown);
}

TEST(StatusTrailers, ForgetsDetailsThatAreNoBase64) {
  const Metadata block{{"grpc-status", "5"}, {"grpc-status-details-bin", "***"}};
  EXPECT_EQ(status_of_trailers(block), Status(StatusCode::NotFound, ""));
}

TEST(StatusTrailers, MapsHttpStatuses) {
  struct Case {
    int http;
    StatusCode code;
  };
  constexpr Case kCases[] = {
      {400, StatusCode::Internal},      {401, StatusCode::Unauthenticated}, {403, StatusCode::PermissionDenied},
      {404, StatusCode::Unimplemented}, {429, StatusCode::Unavailable},     {502, StatusCode::Unavailable},
      {503, StatusCode::Unavailable},   {504, StatusCode::Unavailable},     {200, StatusCode::Unknown},
      {418, StatusCode::Unknown},       {431, StatusCode::Unknown},         {500, StatusCode::Unknown},
  };
  for (const Case& each : kCases) EXPECT_EQ(status_code_of_http(each.http), each.code) << each.http;
}

TEST(StatusTrailers, MapsResets) {
  for (std::uint32_t code = 0; code < 20; ++code) {
    StatusCode expected = StatusCode::Internal;
    if (code == 7) expected = StatusCode::Unavailable;
    if (code == 8) expected = StatusCode::Cancelled;
    if (code == 11) expected = StatusCode::ResourceExhausted;
    if (code == 12) expected = StatusCode::PermissionDenied;
    EXPECT_EQ(status_code_of_reset(code), expected) << code;
  }
}

}  // namespace
}  // namespace sluice::rpc
