// The google.api.http option, in each way that a MethodOptions may hold it.
#include <google/protobuf/descriptor.h>
#include <google/protobuf/dynamic_message.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "annotations/extract.h"
#include "google/api/annotations.pb.h"

namespace sluice::http_rule {
namespace {

namespace pb = google::protobuf;

pb::MethodOptions known_option() {
  pb::MethodOptions options;
  google::api::HttpRule& rule = *options.MutableExtension(google::api::http);
  rule.set_get("/v1/{id}");
  rule.add_additional_bindings()->set_post("/v1");
  return options;
}

pb::MethodOptions unknown_option(const std::string& bytes) {
  pb::MethodOptions options;
  options.GetReflection()->MutableUnknownFields(&options)->AddLengthDelimited(google::api::http.number(), bytes);
  return options;
}

std::string rule_text(const pb::MethodOptions& options) {
  const rpc::Result<std::optional<google::api::HttpRule>> rule = annotated_rule(options);
  if (!rule) return "error: " + rule.error().message();
  return rule->has_value() ? (*rule)->ShortDebugString() : "none";
}

const std::string kRule = R"(get: "/v1/{id}" additional_bindings { post: "/v1" })";

TEST(AnnotatedRule, IsFoundAsGeneratedExtension) {
  EXPECT_EQ(rule_text(known_option()), kRule);
}

TEST(AnnotatedRule, IsFoundAsUnknownField) {
  const std::string bytes = known_option().GetExtension(google::api::http).SerializeAsString();
  const pb::MethodOptions options = unknown_option(bytes);
  ASSERT_FALSE(options.HasExtension(google::api::http));
  EXPECT_EQ(rule_text(options), kRule);
}

// The file under another package, so that a pool on top of the generated one takes it for a different extension.
pb::FileDescriptorProto renamed_copy(const pb::FileDescriptor& file) {
  pb::FileDescriptorProto copy;
  file.CopyTo(&copy);
  std::string text = copy.DebugString();
  for (const std::string from : {"google.api", "google/api"}) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from)) {
      text.replace(at, from.size(), "mine");
    }
  }
  EXPECT_TRUE(pb::TextFormat::ParseFromString(text, &copy));
  return copy;
}

TEST(AnnotatedRule, IsFoundAsExtensionOfAnotherPool) {
  pb::DescriptorPool pool(pb::DescriptorPool::generated_pool());
  ASSERT_NE(pool.BuildFile(renamed_copy(*google::api::HttpRule::descriptor()->file())), nullptr);
  ASSERT_NE(pool.BuildFile(renamed_copy(*pool.FindFileByName("google/api/annotations.proto"))), nullptr);
  pb::DynamicMessageFactory factory;
  const std::string bytes = known_option().SerializeAsString();
  pb::io::ArrayInputStream stream(bytes.data(), static_cast<int>(bytes.size()));
  pb::io::CodedInputStream input(&stream);
  input.SetExtensionRegistry(&pool, &factory);
  pb::MethodOptions options;
  ASSERT_TRUE(options.ParseFromCodedStream(&input));
  std::vector<const pb::FieldDescriptor*> fields;
  options.GetReflection()->ListFields(options, &fields);
  ASSERT_EQ(fields.size(), 1u);
  EXPECT_EQ(fields[0]->full_name(), "mine.http");
  ASSERT_TRUE(options.unknown_fields().empty());
  EXPECT_EQ(rule_text(options), kRule);
}

TEST(AnnotatedRule, IsFoundWhereverAPoolGotItsFileFrom) {
  pb::FileDescriptorProto file;
  file.set_name("t.proto");
  file.add_message_type()->set_name("M");
  pb::MethodDescriptorProto& method = *file.add_service()->add_method();
  file.mutable_service(0)->set_name("S");
  method.set_name("Get");
  method.set_input_type(".M");
  method.set_output_type(".M");
  *method.mutable_options() = unknown_option(known_option().GetExtension(google::api::http).SerializeAsString());
  pb::DescriptorPool pool;
  const pb::FileDescriptor* built = pool.BuildFile(file);
  ASSERT_NE(built, nullptr);
  EXPECT_EQ(rule_text(built->service(0)->method(0)->options()), kRule);
}

TEST(AnnotatedRule, IsNoneWithoutTheOption) {
  pb::MethodOptions options;
  options.set_deprecated(true);
  EXPECT_EQ(rule_text(options), "none");
}

TEST(AnnotatedRule, EveryCutOfItsBytesIsARuleOrAnError) {
  const std::string bytes = known_option().GetExtension(google::api::http).SerializeAsString();
  std::size_t errors = 0;
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const std::string text = rule_text(unknown_option(bytes.substr(0, size)));
    EXPECT_NE(text, kRule);
    EXPECT_NE(text, "none");
    if (text.starts_with("error: expected a google.api.HttpRule")) ++errors;
  }
  EXPECT_EQ(errors, bytes.size() - 2);  // all but the empty rule and the one cut between its two fields
}

}  // namespace
}  // namespace sluice::http_rule
