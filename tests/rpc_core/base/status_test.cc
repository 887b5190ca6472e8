// Tests of Status: names of the codes, text, and what counts as equal.
#include "rpc_core/base/status.h"

#include <gtest/gtest.h>

#include "rpc_core/base/result.h"

namespace sluice::rpc {
namespace {

struct CodeName {
  StatusCode code;
  std::string name;
};

// https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto
const CodeName kCodeNames[] = {
    {StatusCode(0), "OK"},
    {StatusCode(1), "CANCELLED"},
    {StatusCode(2), "UNKNOWN"},
    {StatusCode(3), "INVALID_ARGUMENT"},
    {StatusCode(4), "DEADLINE_EXCEEDED"},
    {StatusCode(5), "NOT_FOUND"},
    {StatusCode(6), "ALREADY_EXISTS"},
    {StatusCode(7), "PERMISSION_DENIED"},
    {StatusCode(8), "RESOURCE_EXHAUSTED"},
    {StatusCode(9), "FAILED_PRECONDITION"},
    {StatusCode(10), "ABORTED"},
    {StatusCode(11), "OUT_OF_RANGE"},
    {StatusCode(12), "UNIMPLEMENTED"},
    {StatusCode(13), "INTERNAL"},
    {StatusCode(14), "UNAVAILABLE"},
    {StatusCode(15), "DATA_LOSS"},
    {StatusCode(16), "UNAUTHENTICATED"},
};

TEST(StatusCode, NamesEachCodeAndFindsItAgain) {
  for (const CodeName& row : kCodeNames) {
    EXPECT_EQ(status_code_name(row.code), row.name);
    EXPECT_EQ(status_code_from_name(row.name), row.code) << row.name;
  }
}

TEST(StatusCode, NamesUnknownNumbersByTheNumber) {
  EXPECT_EQ(status_code_name(StatusCode(17)), "CODE_17");
  EXPECT_EQ(status_code_name(StatusCode(4294967295u)), "CODE_4294967295");
}

TEST(StatusCode, KnowsNoOtherNames) {
  for (const char* text : {"", "ok", "not_found", "NOT_FOUND ", "CODE_17", "NOT"}) {
    EXPECT_EQ(status_code_from_name(text), std::nullopt) << text;
  }
}

TEST(Status, IsOkByDefault) {
  const Status status;
  EXPECT_TRUE(status.ok());
  EXPECT_EQ(status.code(), StatusCode::Ok);
  EXPECT_EQ(status.to_string(), "OK");
  EXPECT_EQ(status.origin(), Status::Origin::Local);
  EXPECT_EQ(status.reset_code(), std::nullopt);
}

TEST(Status, PrintsCodeAndMessage) {
  EXPECT_EQ(Status(StatusCode::NotFound, "no shelf 7").to_string(), "NOT_FOUND: no shelf 7");
  EXPECT_EQ(Status(StatusCode::NotFound, "").to_string(), "NOT_FOUND");
  EXPECT_EQ(Status(StatusCode(99), "odd").to_string(), "CODE_99: odd");
}

TEST(Status, RemembersWhoMadeItAndWhichReset) {
  Status status = Status(StatusCode::Unknown, "x").with_origin(Status::Origin::Peer);
  EXPECT_EQ(status.origin(), Status::Origin::Peer);
  status.set_origin(Status::Origin::Transport);
  status.set_reset_code(8);
  const Status copy = status;
  EXPECT_EQ(copy.origin(), Status::Origin::Transport);
  EXPECT_EQ(copy.reset_code(), 8u);
}

TEST(Status, ComparesCodeMessageAndDetailsButNotItsOrigin) {
  const Status status(StatusCode::Aborted, "a");
  Status detailed = status;
  detailed.set_details("bytes");
  EXPECT_EQ(status, Status(StatusCode::Aborted, "a").with_origin(Status::Origin::Peer));
  EXPECT_FALSE(status == Status(StatusCode::Aborted, "b"));
  EXPECT_FALSE(status == Status(StatusCode::Internal, "a"));
  EXPECT_FALSE(status == detailed);
  EXPECT_EQ(detailed.details(), "bytes");
}

TEST(Result, FailCarriesTheStatus) {
  const Result<int> made = fail(StatusCode::OutOfRange, "too far");
  ASSERT_FALSE(made.has_value());
  EXPECT_EQ(made.error(), Status(StatusCode::OutOfRange, "too far"));
  const Result<void> passed_on = fail(made.error());
  EXPECT_EQ(passed_on.error(), made.error());
}

}  // namespace
}  // namespace sluice::rpc
