// Path templates: what the grammar accepts, in canonical form, and where it finds fault.
#include "annotations/path_template.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace sluice::http_rule {
namespace {

using testing::ElementsAre;
using testing::StartsWith;

// A variable as text: "name[1,3)" with a "+" when it is multi-segment.
std::string describe(const TemplateVariable& variable) {
  return variable.field_path + "[" + std::to_string(variable.begin) + "," + std::to_string(variable.end) + ")" +
         (variable.multi_segment ? "+" : "");
}

std::string describe(const PathTemplate& path) {
  std::string text = path_shape(path);
  for (const TemplateVariable& variable : path.variables) text += " " + describe(variable);
  return text;
}

TEST(PathTemplate, AcceptsTheGrammar) {
  struct Case {
    std::string_view text;
    std::string_view parsed;
  };
  const Case cases[] = {
      {"/", "/"},
      {"/v1", "/v1"},
      {"/v1/shelves", "/v1/shelves"},
      {"/v1/*", "/v1/*"},
      {"/v1/**", "/v1/**"},
      {"/**", "/**"},
      {"/v1:watch", "/v1:watch"},
      {"/v1/*:watch", "/v1/*:watch"},
      {"/v1/**:watch", "/v1/**:watch"},
      {"/{id}", "/* id[0,1)"},
      {"/{id=*}", "/* id[0,1)"},
      {"/{id=**}", "/** id[0,1)+"},
      {"/{id=a}", "/a id[0,1)"},
      {"/{a.b_c.D1}", "/* a.b_c.D1[0,1)"},
      {"/v1/{shelf}/{book}:open", "/v1/*/*:open shelf[1,2) book[2,3)"},
      {"/v1/{name=shelves/*/books/*}", "/v1/shelves/*/books/* name[1,5)+"},
      {"/v1/{name=files/**}:read", "/v1/files/**:read name[1,3)+"},
      {"/v1/a.b-c_d~e", "/v1/a.b-c_d~e"},
      {"/package.v1.Service/Method", "/package.v1.Service/Method"},
      {"/v1/{id}:force:cancel", "/v1/*:force:cancel id[1,2)"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.text);
    const rpc::Result<PathTemplate> path = parse_path_template(c.text);
    ASSERT_TRUE(path) << path.error().to_string();
    EXPECT_EQ(describe(*path), c.parsed);
  }
}

TEST(PathTemplate, AcceptsSegmentsBehindMultiple) {
  struct Case {
    std::string_view text;
    std::string_view parsed;
  };
  const Case cases[] = {
      {"/v1/{name=a/**}/versions", "/v1/a/**/versions name[1,3)+"},
      {"/v1/{parent=a/*/**}/{collection_id}", "/v1/a/*/**/* parent[1,4)+ collection_id[4,5)"},
      {"/v1test2/{name=**/botSessions/*}", "/v1test2/**/botSessions/* name[1,4)+"},
      {"/**/{a}/b/{c=d/*}:e", "/**/*/b/d/*:e a[1,2) c[3,5)+"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.text);
    const rpc::Result<PathTemplate> path = parse_path_template(c.text);
    ASSERT_TRUE(path) << path.error().to_string();
    EXPECT_EQ(describe(*path), c.parsed);
  }
}

TEST(PathTemplate, CanonicalisesLiterals) {
  struct Case {
    std::string_view text;
    std::string_view shape;
  };
  const Case cases[] = {
      {"/%62ook", "/book"},
      {"/a%2fb", "/a%2Fb"},
      {"/a%2Fb", "/a%2Fb"},
      {"/%7e%41", "/~A"},
      {"/%3a", "/%3A"},
      {"/%25%36%31", "/%2561"},
      {"/%e4", "/%E4"},
      {"/caf\xC3\xA9", "/caf%C3%A9"},
      {"/*:%63ancel", "/*:cancel"},
      {"/{a=%62/*}", "/b/*"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.text);
    const rpc::Result<PathTemplate> path = parse_path_template(c.text);
    ASSERT_TRUE(path) << path.error().to_string();
    EXPECT_EQ(path_shape(*path), c.shape);
  }
}

TEST(PathTemplate, NamesWhatItExpectedAndWhere) {
  struct Case {
    std::string_view text;
    std::string_view error;
  };
  const Case cases[] = {
      {"", R"(column 1: expected "/", got the end)"},
      {"v1", R"(column 1: expected "/", got "v")"},
      {"/books/{}", R"(column 9: expected identifier, got "}")"},
      {"/{", R"(column 3: expected identifier, got the end)"},
      {"/{1a}", R"(column 3: expected identifier, got "1")"},
      {"/{a.}", R"(column 5: expected identifier, got "}")"},
      {"/{.a}", R"(column 3: expected identifier, got ".")"},
      {"/{a..b}", R"(column 5: expected identifier, got ".")"},
      {"/{a-b}", R"(column 4: expected ".", "=" or "}", got "-")"},
      {"/{a", R"(column 4: expected ".", "=" or "}", got the end)"},
      {"/{a=*", R"(column 6: expected "}", got the end)"},
      {"/{a=b:c}", R"(column 6: expected "}", got ":")"},
      {"/{a=}", R"(column 5: expected a literal, "*", "**" or a variable, got "}")"},
      {"/{a=/b}", R"(column 5: expected a literal, "*", "**" or a variable, got "/")"},
      {"/{\xC3\xA9}", R"(column 3: expected identifier, got byte 0xC3)"},
      {"/{a}b", R"(column 5: expected "/", ":" or the end, got "b")"},
      {"/a{b}", R"(column 3: expected "/", ":" or the end, got "{")"},
      {"/a*", R"(column 3: expected "/", ":" or the end, got "*")"},
      {"/*a", R"(column 3: expected "/", ":" or the end, got "a")"},
      {"/***", R"(column 4: expected "/", ":" or the end, got "*")"},
      {"/a}", R"(column 3: expected "/", ":" or the end, got "}")"},
      {"/v1/", R"(column 5: expected a literal, "*", "**" or a variable, got the end)"},
      {"//a", R"(column 2: expected a literal, "*", "**" or a variable, got "/")"},
      {"/a//b", R"(column 4: expected a literal, "*", "**" or a variable, got "/")"},
      {"/:verb", R"(column 2: expected a literal, "*", "**" or a variable, got ":")"},
      {"/a:", R"(column 4: expected a verb, got the end)"},
      {"/a:*", R"(column 4: expected a verb, got "*")"},
      {"/a:b/c", R"(column 5: expected ":" or the end, got "/")"},
      {"/a:b:", R"(column 6: expected a verb, got the end)"},
      {"/a%", R"(column 3: expected two hex digits after "%", got "%")"},
      {"/a%2", R"(column 3: expected two hex digits after "%", got "%2")"},
      {"/%zz", R"(column 2: expected two hex digits after "%", got "%zz")"},
      {"/*:b%4g", R"(column 5: expected two hex digits after "%", got "%4g")"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.text);
    const rpc::Result<PathTemplate> path = parse_path_template(c.text);
    ASSERT_FALSE(path);
    EXPECT_EQ(path.error().code(), rpc::StatusCode::InvalidArgument);
    EXPECT_EQ(path.error().message(), "path template " + std::string(c.error));
  }
}

TEST(PathTemplate, RejectsVariableInsideVariable) {
  const rpc::Result<PathTemplate> path = parse_path_template("/v1/{a=b/{c}}");
  ASSERT_FALSE(path);
  EXPECT_EQ(path.error().message(), R"(path template column 10: expected no variable inside a variable, got "{")");
}

TEST(PathTemplate, RejectsASecondMultiple) {
  for (const std::string_view text : {"/a/**/**/b", "/a/**/{n=**}", "/a/**/b/**"}) {
    SCOPED_TRACE(text);
    const rpc::Result<PathTemplate> path = parse_path_template(text);
    ASSERT_FALSE(path);
    EXPECT_EQ(path.error().message(), "path template column " + std::to_string(text.rfind("**") + 1) +
                                          ": expected at most one \"**\" in a template, got \"**\"");
  }
}

TEST(PathTemplate, RejectsRawReservedAndForbiddenBytesInLiterals) {
  for (const char c : std::string_view("?#[]@!$&'()+,;=\"<>\\^`| \t\x7f\0", 25)) {
    const std::string text = std::string("/a") + c + "b";
    SCOPED_TRACE(text);
    const rpc::Result<PathTemplate> path = parse_path_template(text);
    ASSERT_FALSE(path);
    EXPECT_THAT(path.error().message(), StartsWith("path template column 3: expected"));
  }
}

TEST(PathTemplate, KeepsTheColumnOfEachVariable) {
  const rpc::Result<PathTemplate> path = parse_path_template("/v1/{shelf}/{book.name=b/*}");
  ASSERT_TRUE(path);
  ASSERT_EQ(path->variables.size(), 2u);
  EXPECT_EQ(path->variables[0].column, 6u);
  EXPECT_EQ(path->variables[1].column, 14u);
}

// A cut anywhere gives a shorter template or an error at the cut, never one behind it.
TEST(PathTemplate, EveryPrefixParsesOrFailsAtItsEnd) {
  const std::string_view text = "/v1/%7Ea/{name.part=files/**}/*/b:force:run";
  for (std::size_t size = 0; size < text.size(); ++size) {
    SCOPED_TRACE(text.substr(0, size));
    const rpc::Result<PathTemplate> path = parse_path_template(text.substr(0, size));
    if (path) continue;
    const bool cut_triple = size == 5 || size == 6;
    const std::size_t column = cut_triple ? 5 : size + 1;
    EXPECT_THAT(path.error().message(), StartsWith("path template column " + std::to_string(column) + ":"));
  }
}

TEST(PathTemplate, ShapeIsTheSameWhateverTheVariables) {
  const auto shape = [](std::string_view text) { return path_shape(*parse_path_template(text)); };
  EXPECT_EQ(shape("/v1/{name=shelves/*}:open"), shape("/v1/shelves/{id}:open"));
  EXPECT_NE(shape("/v1/{a=**}"), shape("/v1/{a=*}"));
  EXPECT_NE(shape("/v1/a"), shape("/v1/a:b"));
}

}  // namespace
}  // namespace sluice::http_rule
