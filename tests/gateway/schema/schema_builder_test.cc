// File descriptors in any order, with and without what they import.
#include "gateway/schema/schema_builder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/schema/builtin_files.h"

namespace sluice::gateway {
namespace {

using google::protobuf::FileDescriptorProto;
using testing::ElementsAre;
using testing::UnorderedElementsAre;

FileDescriptorProto file(const std::string& name, const std::vector<std::string>& imports = {}) {
  FileDescriptorProto out;
  out.set_name(name);
  out.set_syntax("proto3");
  for (const std::string& import : imports) out.add_dependency(import);
  return out;
}

std::vector<std::string> names(std::span<const google::protobuf::FileDescriptor* const> files) {
  std::vector<std::string> out;
  for (const auto* one : files) out.push_back(one->name());
  return out;
}

TEST(SchemaBuilder, TakesFilesInAnyOrder) {
  SchemaBuilder builder;
  builder.add(file("c.proto", {"b.proto", "a.proto"}), "x.pb", true);
  builder.add(file("a.proto"), "x.pb", true);
  builder.add(file("b.proto", {"a.proto"}), "x.pb", false);
  const SchemaResult schema = std::move(builder).build();
  ASSERT_TRUE(schema) << testing::PrintToString(schema.error());
  EXPECT_THAT(names((*schema)->files()), ElementsAre("c.proto", "a.proto"));
  EXPECT_THAT(names((*schema)->all_files()), UnorderedElementsAre("a.proto", "b.proto", "c.proto"));
}

TEST(SchemaBuilder, SuppliesBuiltInFilesWithWhatTheyImport) {
  SchemaBuilder builder;
  builder.add(file("a.proto", {"google/api/annotations.proto", "google/rpc/status.proto"}), "x.pb", true);
  const SchemaResult schema = std::move(builder).build();
  ASSERT_TRUE(schema) << testing::PrintToString(schema.error());
  EXPECT_THAT(names((*schema)->files()), ElementsAre("a.proto"));
  EXPECT_NE((*schema)->pool().FindMessageTypeByName("google.protobuf.Any"), nullptr);
  EXPECT_NE((*schema)->pool().FindExtensionByName("google.api.http"), nullptr);
}

TEST(SchemaBuilder, PrefersTheFileThatIsThere) {
  FileDescriptorProto own = file("google/api/httpbody.proto");
  own.set_package("google.api");
  own.add_message_type()->set_name("HttpBody");
  own.add_message_type()->set_name("Extra");
  SchemaBuilder builder;
  builder.add(file("a.proto", {"google/api/httpbody.proto"}), "x.pb", true);
  builder.add(own, "x.pb", false);
  const SchemaResult schema = std::move(builder).build();
  ASSERT_TRUE(schema) << testing::PrintToString(schema.error());
  EXPECT_NE((*schema)->pool().FindMessageTypeByName("google.api.Extra"), nullptr);
}

TEST(SchemaBuilder, NamesEveryMissingImport) {
  SchemaBuilder builder;
  builder.add(file("a.proto", {"b.proto", "google/api/none.proto"}), "x.pb", true);
  builder.add(file("c.proto", {"a.proto"}), "x.pb", true);
  const SchemaResult schema = std::move(builder).build();
  ASSERT_FALSE(schema);
  EXPECT_THAT(
      schema.error(),
      ElementsAre("x.pb: a.proto: expected its import \"b.proto\" to be there too (protoc --include_imports), got "
                  "nothing of that name",
                  "x.pb: a.proto: expected its import \"google/api/none.proto\" to be there too (protoc "
                  "--include_imports), got nothing of that name"));
}

TEST(SchemaBuilder, TakesTheSameFileAgainAndRefusesAnother) {
  FileDescriptorProto commented = file("a.proto");
  commented.mutable_source_code_info()->add_location()->set_leading_comments("a comment");
  SchemaBuilder same;
  same.add(file("a.proto"), "x.pb", false);
  same.add(commented, "y.pb", true);
  const SchemaResult schema = std::move(same).build();
  ASSERT_TRUE(schema);
  EXPECT_THAT(names((*schema)->files()), ElementsAre("a.proto"));

  FileDescriptorProto another = file("a.proto");
  another.set_package("other");
  SchemaBuilder differing;
  differing.add(file("a.proto"), "x.pb", true);
  differing.add(another, "y.pb", true);
  const SchemaResult refused = std::move(differing).build();
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error(), ElementsAre("y.pb: a.proto: expected the same content as in x.pb, got another"));
}

TEST(SchemaBuilder, SaysWhatDoesNotFitTogether) {
  FileDescriptorProto wrong = file("a.proto");
  auto* field = wrong.add_message_type()->add_field();
  wrong.mutable_message_type(0)->set_name("Book");
  field->set_name("author");
  field->set_number(1);
  field->set_label(google::protobuf::FieldDescriptorProto::LABEL_OPTIONAL);
  field->set_type_name("Author");
  FileDescriptorProto clash = file("b.proto");
  clash.add_message_type()->set_name("Shelf");
  FileDescriptorProto again = file("c.proto");
  again.add_message_type()->set_name("Shelf");
  SchemaBuilder builder;
  for (const FileDescriptorProto& one : {wrong, clash, again}) builder.add(one, "x.pb", true);
  const SchemaResult schema = std::move(builder).build();
  ASSERT_FALSE(schema);
  EXPECT_THAT(schema.error(), ElementsAre("x.pb: a.proto: Book.author: \"Author\" is not defined.",
                                          "x.pb: c.proto: Shelf: \"Shelf\" is already defined in file \"b.proto\"."));
}

TEST(SchemaBuilder, RefusesImportsInACircle) {
  SchemaBuilder builder;
  builder.add(file("a.proto", {"b.proto"}), "x.pb", true);
  builder.add(file("b.proto", {"a.proto"}), "x.pb", true);
  const SchemaResult schema = std::move(builder).build();
  ASSERT_FALSE(schema);
  EXPECT_THAT(schema.error(), ElementsAre("x.pb: a.proto: expected imports without a cycle, got back to this file"));
}

TEST(BuiltinFile, KnowsTheThreePackagesAlone) {
  for (const char* name : {"google/protobuf/any.proto", "google/protobuf/descriptor.proto", "google/api/http.proto",
                           "google/api/annotations.proto", "google/rpc/error_details.proto"}) {
    const auto found = builtin_file(name);
    ASSERT_TRUE(found) << name;
    EXPECT_EQ(found->name(), name);
  }
  for (const char* name : {"google/protobuf/none.proto", "google/api/none.proto", "any.proto", ""}) {
    EXPECT_FALSE(builtin_file(name)) << name;
  }
}

}  // namespace
}  // namespace sluice::gateway
