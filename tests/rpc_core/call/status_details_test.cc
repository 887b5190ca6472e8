// Tests of the messages inside a Status.
#include "rpc_core/call/status_details.h"

#include <google/protobuf/duration.pb.h>
#include <google/protobuf/struct.pb.h>
#include <gtest/gtest.h>

#include <string>

namespace sluice::rpc {
namespace {

using google::protobuf::Duration;
using google::protobuf::Value;

TEST(StatusDetails, RepeatCodeAndMessageAsTheSchemaOfStatusSays) {
  Status status(StatusCode::NotFound, "no");
  Duration detail;
  detail.set_seconds(5);
  add_detail(status, detail);
  const std::string url = "type.googleapis.com/google.protobuf.Duration";
  std::string any = "\x0a" + std::string(1, static_cast<char>(url.size())) + url + "\x12\x02\x08\x05";
  EXPECT_EQ(status.details(), "\x08\x05\x12\x02no\x1a" + std::string(1, static_cast<char>(any.size())) + any);
}

TEST(StatusDetails, FindByType) {
  Status status(StatusCode::NotFound, "no shelf 7");
  Duration duration;
  duration.set_seconds(5);
  Value value;
  value.set_string_value("x");
  add_detail(status, duration);
  add_detail(status, value);
  EXPECT_EQ(find_detail<Duration>(status)->seconds(), 5);
  EXPECT_EQ(find_detail<Value>(status)->string_value(), "x");
  EXPECT_FALSE(find_detail<google::protobuf::Struct>(status));
}

TEST(StatusDetails, FindNothingInWhatIsNoStatus) {
  const std::string bad[] = {"", "\x1a", "\x1a\x05he", "\x18\x05", "\x1a\x02\x0a\x09", "text"};
  for (const std::string& bytes : bad) {
    Status status(StatusCode::Internal, "");
    status.set_details(bytes);
    EXPECT_FALSE(find_detail<Duration>(status)) << bytes;
  }
}

TEST(StatusDetails, FindNothingInADetailThatCannotBeParsed) {
  Status status(StatusCode::NotFound, "no");
  Duration duration;
  duration.set_seconds(5);
  add_detail(status, duration);
  std::string details = status.details();
  details.back() = '\xff';  // the varint of seconds has no end
  status.set_details(details);
  EXPECT_FALSE(find_detail<Duration>(status));
}

}  // namespace
}  // namespace sluice::rpc
