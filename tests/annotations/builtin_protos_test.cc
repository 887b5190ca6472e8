// The public schemas: numbers that are the wire format, and the texts that the program carries.
#include "annotations/builtin_protos.h"

#include <google/protobuf/compiler/parser.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/duration.pb.h>
#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "google/api/annotations.pb.h"
#include "google/api/httpbody.pb.h"
#include "google/rpc/code.pb.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace sluice::http_rule {
namespace {

namespace pb = google::protobuf;

bool parse_proto(const BuiltinProto& proto, pb::FileDescriptorProto& file) {
  pb::io::ArrayInputStream input(proto.text.data(), static_cast<int>(proto.text.size()));
  pb::io::Tokenizer tokenizer(&input, nullptr);
  file.set_name(std::string(proto.name));
  return pb::compiler::Parser().Parse(&tokenizer, &file);
}

TEST(BuiltinProtos, TextsAreTheGeneratedSchemas) {
  ASSERT_EQ(builtin_protos().size(), 6u);
  for (const BuiltinProto& proto : builtin_protos()) {
    SCOPED_TRACE(proto.name);
    pb::FileDescriptorProto parsed;
    ASSERT_TRUE(parse_proto(proto, parsed));
    const pb::FileDescriptor* generated = pb::DescriptorPool::generated_pool()->FindFileByName(std::string(proto.name));
    ASSERT_NE(generated, nullptr);
    EXPECT_EQ(parsed.package(), generated->package());
    EXPECT_EQ(parsed.message_type_size(), generated->message_type_count());
    EXPECT_EQ(parsed.enum_type_size(), generated->enum_type_count());
  }
}

TEST(BuiltinProtos, AreSortedAndFoundByName) {
  EXPECT_TRUE(std::ranges::is_sorted(builtin_protos(), {}, &BuiltinProto::name));
  for (const BuiltinProto& proto : builtin_protos()) EXPECT_EQ(builtin_proto(proto.name), proto.text);
  EXPECT_EQ(builtin_proto("google/protobuf/any.proto"), "");
  EXPECT_EQ(builtin_proto(""), "");
}

TEST(BuiltinProtos, NumbersAreThePublicOnes) {
  struct Case {
    const pb::Descriptor* message;
    std::string field;
    int number;
  };
  const Case cases[] = {
      {google::api::Http::descriptor(), "rules", 1},
      {google::api::Http::descriptor(), "fully_decode_reserved_expansion", 2},
      {google::api::HttpRule::descriptor(), "selector", 1},
      {google::api::HttpRule::descriptor(), "get", 2},
      {google::api::HttpRule::descriptor(), "put", 3},
      {google::api::HttpRule::descriptor(), "post", 4},
      {google::api::HttpRule::descriptor(), "delete", 5},
      {google::api::HttpRule::descriptor(), "patch", 6},
      {google::api::HttpRule::descriptor(), "body", 7},
      {google::api::HttpRule::descriptor(), "custom", 8},
      {google::api::HttpRule::descriptor(), "additional_bindings", 11},
      {google::api::HttpRule::descriptor(), "response_body", 12},
      {google::api::CustomHttpPattern::descriptor(), "kind", 1},
      {google::api::CustomHttpPattern::descriptor(), "path", 2},
      {google::api::HttpBody::descriptor(), "content_type", 1},
      {google::api::HttpBody::descriptor(), "data", 2},
      {google::api::HttpBody::descriptor(), "extensions", 3},
      {google::rpc::Status::descriptor(), "code", 1},
      {google::rpc::Status::descriptor(), "message", 2},
      {google::rpc::Status::descriptor(), "details", 3},
      {google::rpc::ErrorInfo::descriptor(), "metadata", 3},
      {google::rpc::RetryInfo::descriptor(), "retry_delay", 1},
      {google::rpc::DebugInfo::descriptor(), "detail", 2},
      {google::rpc::BadRequest::descriptor(), "field_violations", 1},
      {google::rpc::BadRequest::FieldViolation::descriptor(), "field", 1},
      {google::rpc::BadRequest::FieldViolation::descriptor(), "localized_message", 4},
      {google::rpc::QuotaFailure::Violation::descriptor(), "future_quota_value", 8},
      {google::rpc::ResourceInfo::descriptor(), "owner", 3},
      {google::rpc::LocalizedMessage::descriptor(), "message", 2},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.message->full_name() + "." + c.field);
    const pb::FieldDescriptor* field = c.message->FindFieldByName(c.field);
    ASSERT_NE(field, nullptr);
    EXPECT_EQ(field->number(), c.number);
  }
  EXPECT_EQ(google::api::http.number(), 72295728);
  EXPECT_EQ(google::rpc::UNAUTHENTICATED, 16);
  EXPECT_EQ(google::rpc::Code_descriptor()->value_count(), 17);
}

}  // namespace
}  // namespace sluice::http_rule
