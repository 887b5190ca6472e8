// Field paths: by proto and JSON names, and what they may not pass through.
#include "annotations/field_path.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "tests/annotations/test_schema.h"

namespace sluice::http_rule {
namespace {

constexpr char kProto[] = R"(
syntax = "proto3";
package t;
import "google/protobuf/timestamp.proto";
message Author { string full_name = 1; Author mentor = 2; }
message Book {
  Author lead_author = 1;
  repeated Author authors = 2;
  map<string, Author> by_role = 3;
  string title = 4 [json_name = "headline"];
  string headline_text = 5 [json_name = "title_text"];
  string title_text = 6 [json_name = "tt"];
  google.protobuf.Timestamp printed = 7;
  oneof cover { string hard = 8; Author soft = 9; }
}
)";

class FieldPathTest : public testing::Test {
 protected:
  std::string resolve(std::string_view path, FieldNames names) {
    const rpc::Result<FieldPath> fields = resolve_field_path(schema_.message("t.Book"), path, names);
    return fields ? to_string(*fields) : "error: " + fields.error().message();
  }

  TestSchema schema_{"t.proto", kProto};
};

TEST_F(FieldPathTest, ResolvesByNames) {
  struct Case {
    std::string_view path, by_proto, by_either;
  };
  const Case cases[] = {
      {"title", "title", "title"},
      {"lead_author.full_name", "lead_author.full_name", "lead_author.full_name"},
      {"lead_author.mentor.mentor.full_name", "lead_author.mentor.mentor.full_name",
       "lead_author.mentor.mentor.full_name"},
      {"printed.seconds", "printed.seconds", "printed.seconds"},
      {"soft.full_name", "soft.full_name", "soft.full_name"},
      {"authors", "authors", "authors"},
      {"leadAuthor.fullName", "error: message t.Book has no field \"leadAuthor\"", "lead_author.full_name"},
      {"headline", "error: message t.Book has no field \"headline\"", "title"},
      {"title_text", "title_text", "title_text"},
      {"tt", "error: message t.Book has no field \"tt\"", "title_text"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.path);
    EXPECT_EQ(resolve(c.path, FieldNames::Proto), c.by_proto);
    EXPECT_EQ(resolve(c.path, FieldNames::ProtoOrJson), c.by_either);
  }
}

TEST_F(FieldPathTest, NamesMessageAndMissingField) {
  struct Case {
    std::string_view path, error;
  };
  const Case cases[] = {
      {"", R"(message t.Book has no field "")"},
      {"nope", R"(message t.Book has no field "nope")"},
      {"lead_author.nope", R"(message t.Author has no field "nope")"},
      {"lead_author.", R"(message t.Author has no field "")"},
      {".title", R"(message t.Book has no field "")"},
      {"Title", R"(message t.Book has no field "Title")"},
      {"title.x", R"(field "title" of t.Book is string: expected a singular message before ".x")"},
      {"authors.full_name",
       R"(field "authors" of t.Book is repeated: expected a singular message before ".full_name")"},
      {"by_role.value.x", R"(field "by_role" of t.Book is a map: expected a singular message before ".value.x")"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.path);
    EXPECT_EQ(resolve(c.path, FieldNames::Proto), "error: " + std::string(c.error));
    EXPECT_EQ(resolve(c.path, FieldNames::ProtoOrJson), "error: " + std::string(c.error));
  }
}

TEST_F(FieldPathTest, EveryCutNamesTheCutPart) {
  const std::string_view path = "lead_author.full_name";
  for (std::size_t size = 0; size < path.size(); ++size) {
    const std::string cut(path.substr(0, size));
    SCOPED_TRACE(cut);
    if (cut == "lead_author") {
      EXPECT_EQ(resolve(cut, FieldNames::Proto), cut);
      continue;
    }
    const std::string part = cut.substr(cut.find('.') + 1);
    const std::string message = cut.find('.') == std::string::npos ? "t.Book" : "t.Author";
    EXPECT_EQ(resolve(cut, FieldNames::Proto), "error: message " + message + " has no field \"" + part + "\"");
  }
}

}  // namespace
}  // namespace sluice::http_rule
