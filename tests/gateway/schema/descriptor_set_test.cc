// FileDescriptorSet files on disk.
#include "gateway/schema/descriptor_set.h"

#include <gmock/gmock.h>
#include <google/protobuf/descriptor.pb.h>
#include <gtest/gtest.h>

#include "annotations/extract.h"
#include "google/api/annotations.pb.h"
#include "tests/gateway/schema/temporary_folder.h"

namespace sluice::gateway {
namespace {

using google::protobuf::FileDescriptorProto;
using google::protobuf::FileDescriptorSet;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

FileDescriptorProto book_file(const std::string& name, const std::string& package) {
  FileDescriptorProto file;
  file.set_name(name);
  file.set_package(package);
  file.set_syntax("proto3");
  file.add_dependency("google/api/annotations.proto");
  file.add_message_type()->set_name("Book");
  auto* service = file.add_service();
  service->set_name("Library");
  auto* method = service->add_method();
  method->set_name("Get");
  method->set_input_type("." + package + ".Book");
  method->set_output_type("." + package + ".Book");
  method->mutable_options()->MutableExtension(google::api::http)->set_get("/v1/" + package);
  return file;
}

std::string bytes_of(const std::vector<FileDescriptorProto>& files) {
  FileDescriptorSet set;
  for (const FileDescriptorProto& file : files) *set.add_file() = file;
  return set.SerializeAsString();
}

std::vector<std::string> problems(const std::vector<std::string>& paths) {
  const SchemaResult schema = load_descriptor_sets(paths);
  return schema ? std::vector<std::string>() : schema.error();
}

TEST(DescriptorSet, LoadsSeveralFilesAsOneSchemaWithReadableAnnotations) {
  const TemporaryFolder folder;
  const std::string a = folder.write("a.pb", bytes_of({book_file("a.proto", "a"), book_file("b.proto", "b")}));
  const std::string b = folder.write("b.pb", bytes_of({book_file("b.proto", "b"), book_file("c.proto", "c")}));
  const SchemaResult schema = load_descriptor_sets({a, b});
  ASSERT_TRUE(schema) << testing::PrintToString(schema.error());
  EXPECT_EQ((*schema)->services().size(), 3u);
  const http_rule::Extraction routes = http_rule::extract_bindings((*schema)->files());
  EXPECT_THAT(routes.problems, testing::IsEmpty());
  ASSERT_EQ(routes.bindings.size(), 3u);
  for (const auto& binding : routes.bindings) EXPECT_EQ(binding.http_method, "GET");
}

TEST(DescriptorSet, RefusesFilesThatAreNone) {
  const TemporaryFolder folder;
  EXPECT_THAT(problems({folder.at("none.pb")}),
              ElementsAre(folder.at("none.pb") + ": expected a file that can be read: No such file or directory"));
  EXPECT_THAT(problems({folder.path()}),
              ElementsAre(StartsWith(folder.path() + ": expected a file that can be read: ")));
  EXPECT_THAT(problems({folder.write("empty.pb", "")}),
              ElementsAre(folder.at("empty.pb") + ": expected a FileDescriptorSet, got an empty file"));
  EXPECT_THAT(problems({folder.write("text.pb", "{\"file\": []}")}),
              ElementsAre(folder.at("text.pb") + ": expected a FileDescriptorSet, got 12 bytes of something else"));
  EXPECT_THAT(problems({folder.write("a.proto", "syntax = \"proto3\";")}),
              ElementsAre(testing::EndsWith("; --proto compiles .proto files")));
  EXPECT_THAT(problems({folder.write("other.pb", std::string("\x10\x01", 2))}),
              ElementsAre(testing::EndsWith("got no file descriptor in it")));
  EXPECT_THAT(problems({folder.write("unnamed.pb", bytes_of({FileDescriptorProto()}))}),
              ElementsAre(testing::EndsWith("got a file descriptor without a name")));
}

TEST(DescriptorSet, ReportsAllFilesAtOnce) {
  const TemporaryFolder folder;
  FileDescriptorProto incomplete = book_file("b.proto", "b");
  incomplete.add_dependency("gone.proto");
  const std::string b = folder.write("b.pb", bytes_of({incomplete}));
  EXPECT_THAT(problems({folder.at("none.pb"), b}),
              ElementsAre(HasSubstr("none.pb: expected a file"),
                          HasSubstr("b.pb: b.proto: expected its import \"gone.proto\"")));
}

TEST(DescriptorSet, RefusesDifferingContentOfOneFile) {
  const TemporaryFolder folder;
  FileDescriptorProto changed = book_file("a.proto", "a");
  changed.add_message_type()->set_name("Author");
  const std::string a = folder.write("a.pb", bytes_of({book_file("a.proto", "a")}));
  const std::string b = folder.write("b.pb", bytes_of({changed}));
  EXPECT_THAT(problems({a, b}), ElementsAre(b + ": a.proto: expected the same content as in " + a + ", got another"));
}

// Every beginning of a set is refused, but for those that end between two files and are a smaller set.
TEST(DescriptorSet, SurvivesEveryTruncation) {
  const TemporaryFolder folder;
  const std::string one = bytes_of({book_file("a.proto", "a")});
  const std::string both = bytes_of({book_file("a.proto", "a"), book_file("b.proto", "b")});
  for (std::size_t size = 0; size < both.size(); ++size) {
    const std::string path = folder.write("cut.pb", both.substr(0, size));
    EXPECT_EQ(load_descriptor_sets({path}).has_value(), size == one.size()) << size;
  }
}

}  // namespace
}  // namespace sluice::gateway
