// The gRPC to HTTP table, by code and by origin.
#include "gateway/transcode/http_status.h"

#include <gtest/gtest.h>

namespace sluice::gateway {
namespace {

using rpc::Status;
using rpc::StatusCode;

TEST(HttpStatus, FollowsTheTable) {
  const int expected[] = {200, 499, 500, 400, 504, 404, 409, 403, 429, 400,
                          409, 400, 501, 500, 503, 500, 401, 500, 500};
  const HttpStatusTable table;
  for (std::uint32_t code = 0; code < std::size(expected); ++code) {
    EXPECT_EQ(table.of(static_cast<StatusCode>(code)), expected[code]) << code;
  }
}

TEST(HttpStatus, CanBeOverridden) {
  HttpStatusTable table;
  table.set(StatusCode::FailedPrecondition, 412);
  table.set(static_cast<StatusCode>(99), 418);
  EXPECT_EQ(table.of(StatusCode::FailedPrecondition), 412);
  EXPECT_EQ(table.of(static_cast<StatusCode>(99)), 500);
}

TEST(HttpStatus, DependsOnWhoMadeTheStatus) {
  const HttpStatusTable table;
  const auto of = [&](StatusCode code, Status::Origin origin, int reset) {
    Status status(code, "");
    status.set_origin(origin);
    if (reset >= 0) status.set_reset_code(static_cast<std::uint32_t>(reset));
    return table.of(status);
  };
  using enum Status::Origin;
  EXPECT_EQ(of(StatusCode::ResourceExhausted, Peer, -1), 429);
  EXPECT_EQ(of(StatusCode::ResourceExhausted, Local, -1), 502);
  EXPECT_EQ(of(StatusCode::Unavailable, Transport, 7), 503);
  EXPECT_EQ(of(StatusCode::ResourceExhausted, Transport, 11), 429);
  EXPECT_EQ(of(StatusCode::DeadlineExceeded, Transport, 8), 504);
  EXPECT_EQ(of(StatusCode::Internal, Transport, 2), 502);
  EXPECT_EQ(of(StatusCode::Unavailable, Transport, 2), 502);
  EXPECT_EQ(of(StatusCode::Unavailable, Transport, -1), 503);
  EXPECT_EQ(of(StatusCode::Unavailable, Local, -1), 503);
}

TEST(HttpStatus, HasACodeForEachOwnError) {
  const std::pair<int, int> expected[] = {{400, 3},  {415, 3}, {403, 7},  {404, 5},  {405, 12},
                                          {426, 12}, {406, 3}, {417, 3},  {408, 4},  {413, 8},
                                          {414, 8},  {431, 8}, {502, 13}, {503, 14}, {504, 4}};
  for (const auto& [http, code] : expected) {
    EXPECT_EQ(static_cast<int>(code_of_http_status(http)), code) << http;
  }
}

}  // namespace
}  // namespace sluice::gateway
