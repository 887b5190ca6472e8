// .proto files on disk: good ones with all they import, and the place of what is wrong in the others.
#include "gateway/schema/proto_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "annotations/extract.h"
#include "tests/gateway/schema/temporary_folder.h"

namespace sluice::gateway {
namespace {

using testing::ElementsAre;
using testing::StartsWith;

constexpr const char* kLibrary = R"(syntax = "proto3";
package library.v1;
import "google/api/annotations.proto";
import "google/protobuf/timestamp.proto";
import "library/shelf.proto";
message GetBook { string name = 1; Shelf shelf = 2; google.protobuf.Timestamp at = 3 [json_name = "when"]; }
service Library {
  rpc Get(GetBook) returns (GetBook) { option (google.api.http) = { get: "/v1/{name=books/*}" }; }
}
)";
constexpr const char* kShelf = R"(syntax = "proto3";
package library.v1;
message Shelf { int64 id = 1; }
service Shelves { rpc Get(Shelf) returns (Shelf); }
)";

class ProtoFilesTest : public testing::Test {
 protected:
  ProtoFilesTest() {
    library_ = folder_.write("library/library.proto", kLibrary);
    folder_.write("library/shelf.proto", kShelf);
  }

  std::vector<std::string> problems(const std::vector<std::string>& files) const {
    const SchemaResult schema = compile_proto_files(files, {folder_.path()});
    return schema ? std::vector<std::string>() : schema.error();
  }

  TemporaryFolder folder_;
  std::string library_;
};

TEST_F(ProtoFilesTest, CompilesAFileWithItsImports) {
  const SchemaResult schema = compile_proto_files({"library/library.proto"}, {folder_.path()});
  ASSERT_TRUE(schema) << testing::PrintToString(schema.error());
  ASSERT_EQ((*schema)->services().size(), 1u);
  EXPECT_EQ((*schema)->services()[0]->full_name(), "library.v1.Library");
  const auto* message = (*schema)->pool().FindMessageTypeByName("library.v1.GetBook");
  ASSERT_NE(message, nullptr);
  EXPECT_EQ(message->FindFieldByName("at")->json_name(), "when");
  EXPECT_EQ((*schema)->files().size(), 1u);
  EXPECT_GE((*schema)->all_files().size(), 4u);
}

TEST_F(ProtoFilesTest, KeepsHttpAnnotationsReadable) {
  const SchemaResult schema = compile_proto_files({"library/library.proto"}, {folder_.path()});
  ASSERT_TRUE(schema);
  const http_rule::Extraction routes = http_rule::extract_bindings((*schema)->files());
  EXPECT_THAT(routes.problems, testing::IsEmpty());
  ASSERT_EQ(routes.bindings.size(), 1u);
  EXPECT_EQ(routes.bindings[0].http_method, "GET");
}

TEST_F(ProtoFilesTest, ServesEachNamedFileOnceWhateverTheOrder) {
  const std::vector<std::string> files = {"library/library.proto", "library/shelf.proto", library_};
  for (const std::vector<std::string>& order : {files, std::vector(files.rbegin(), files.rend())}) {
    const SchemaResult schema = compile_proto_files(order, {folder_.path()});
    ASSERT_TRUE(schema) << testing::PrintToString(schema.error());
    EXPECT_EQ((*schema)->services().size(), 2u);
  }
}

TEST_F(ProtoFilesTest, LooksThroughSeveralPaths) {
  const TemporaryFolder other;
  other.write("main.proto", "syntax = \"proto3\"; import \"library/shelf.proto\"; service S {}");
  EXPECT_TRUE(compile_proto_files({"main.proto"}, {other.path(), folder_.path()}));
}

TEST_F(ProtoFilesTest, CollectsErrorsOfAllFilesWithTheirPlaces) {
  const std::string bad =
      folder_.write("bad.proto", "syntax = \"proto3\";\nmessage A {\n  string x = 0;\n  Nope y = 2;\n}\n");
  const std::string worse = folder_.write("worse.proto", "syntax = \"proto3\";\nmessage {}\n");
  EXPECT_THAT(problems({"bad.proto", "worse.proto"}),
              testing::AllOf(testing::Contains(StartsWith(bad + ":3:14: ")),
                             testing::Contains(StartsWith(bad + ":4:3: \"Nope\" is not defined")),
                             testing::Contains(StartsWith(worse + ":2:9: Expected message name"))));
}

TEST_F(ProtoFilesTest, NamesTheImportThatIsMissing) {
  const std::string file = folder_.write("a.proto", "syntax = \"proto3\";\nimport \"gone.proto\";\n");
  EXPECT_THAT(problems({"a.proto"}), testing::Contains(StartsWith(file + ":2:1: Import \"gone.proto\" was not found")));
}

TEST_F(ProtoFilesTest, SaysWhereItLooked) {
  EXPECT_THAT(problems({"none.proto"}), ElementsAre("none.proto: expected a .proto file below \"" + folder_.path() +
                                                    "\" (--proto-path), got none"));
  EXPECT_THAT(problems({"library"}), ElementsAre(StartsWith("library: expected a .proto file below")));
  EXPECT_THAT(problems({"/elsewhere/a.proto"}), ElementsAre(StartsWith("/elsewhere/a.proto: expected a .proto file")));
  const SchemaResult no_folder = compile_proto_files({"library/library.proto"}, {folder_.path(), folder_.at("none")});
  ASSERT_FALSE(no_folder);
  EXPECT_THAT(no_folder.error(),
              ElementsAre(folder_.at("none") + ": expected a directory for imports, got none of that name"));
}

}  // namespace
}  // namespace sluice::gateway
