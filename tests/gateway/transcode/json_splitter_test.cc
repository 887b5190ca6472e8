// Cutting streams into values: shapes, faults, and every split of the input.
#include "gateway/transcode/json_splitter.h"

#include <gtest/gtest.h>

#include <vector>

namespace sluice::gateway {
namespace {

struct Case {
  const char* name;
  const char* text;
  const char* expected;  // values with '|' behind each, then the error's message or nothing
};

const Case kCases[] = {
    {"Nothing", "", ""},
    {"Spaces", " \n ", ""},
    {"EmptyArray", " [ ] ", ""},
    {"Array", R"([{"a":1}, {"b":[2,"]"]} ,3])", R"({"a":1}|{"b":[2,"]"]}|3|)"},
    {"Lines", "{\"a\":1}\n{\"b\":2}\n", R"({"a":1}|{"b":2}|)"},
    {"Concatenated", R"({"a":"}"}{"b":"\"}"}"x"true 1 2)", R"({"a":"}"}|{"b":"\"}"}|"x"|true|1|2|)"},
    {"ArraysInArray", "[[1],[2]]", "[1]|[2]|"},
    {"LongString", R"(["0123456789abcdef\\\"0123456789abcdef"])", R"("0123456789abcdef\\\"0123456789abcdef"|)"},
    {"LoneScalar", "12", "12|"},
    {"NoComma", "[{}{}]", "{}|(line 1, column 4): expected ',' or ']', got \"{\""},
    {"OpenArray", "[{}", "{}|(line 1, column 4): expected ',' or ']', got the end of the text"},
    {"OpenArrayBehindComma", "[1,", "1|(line 1, column 4): expected ',' or ']', got the end of the text"},
    {"TrailingComma", "[1,]", "1|(line 1, column 4): expected a JSON value, got \"]\""},
    {"BehindArray", "[1]\n 2", "1|(line 2, column 2): expected nothing behind the array, got \"2\""},
    {"CommaBetweenValues", "{}\n,{}", "{}|(line 2, column 1): expected a JSON value, got \",\""},
    {"OpenObject", "{\"a\":", "(line 1, column 6): expected the end of the value, got the end of the text"},
    {"OpenString", "\"a\\\"", "(line 1, column 5): expected the end of the value, got the end of the text"},
    {"NoValue", "}", "(line 1, column 1): expected a JSON value, got \"}\""},
};

std::string drain(JsonSplitter& splitter, std::string& out) {
  while (true) {
    const auto value = splitter.next();
    if (!value) return value.error().message();
    if (!*value) return {};
    out += std::string((*value)->text) + "|";
  }
}

std::string split(const std::vector<std::string_view>& pieces, std::size_t limit = 1000) {
  JsonSplitter splitter(limit);
  std::string out;
  for (const std::string_view piece : pieces) {
    const std::string copy(piece);  // so that reading it later is noticed
    splitter.feed(copy);
    if (const std::string error = drain(splitter, out); !error.empty()) return out + error;
    splitter.feed({});
  }
  splitter.finish();
  const std::string error = drain(splitter, out);
  return out + error;
}

class Splitter : public testing::TestWithParam<Case> {};

TEST_P(Splitter, GivesTheSameForEverySplit) {
  const std::string_view text = GetParam().text;
  EXPECT_EQ(split({text}), GetParam().expected);
  std::vector<std::string_view> bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    EXPECT_EQ(split({text.substr(0, i), text.substr(i)}), GetParam().expected) << i;
    bytes.push_back(text.substr(i, 1));
  }
  EXPECT_EQ(split(bytes), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(Cases, Splitter, testing::ValuesIn(kCases), [](const auto& test) { return test.param.name; });

TEST(JsonSplitter, SaysWhereAValueBegins) {
  JsonSplitter splitter(1000);
  splitter.feed("[1,\n  {\"a\":\n1},");
  ASSERT_TRUE(splitter.next());
  const auto second = splitter.next();
  ASSERT_TRUE(second && *second);
  EXPECT_EQ((*second)->line, 2u);
  EXPECT_EQ((*second)->column, 3u);
  ASSERT_FALSE(splitter.next().value());
  splitter.feed("\n\n");
  ASSERT_FALSE(splitter.next().value());
  splitter.feed(" 7]");
  const auto third = splitter.next();
  ASSERT_TRUE(third && *third);
  EXPECT_EQ((*third)->line, 5u);
  EXPECT_EQ((*third)->column, 2u);
}

TEST(JsonSplitter, BoundsOneValueNotAll) {
  EXPECT_EQ(split({"[123456789,123456789,123456789]"}, 10), "123456789|123456789|123456789|");
  const std::string error = "expected a message of at most 10 bytes of JSON at line 1, got more";
  EXPECT_EQ(split({"[1,\"12345678\",\"123456789\"]"}, 10), "1|\"12345678\"|" + error);
  EXPECT_EQ(split({"\"1234", "56789"}, 10),
            "(line 1, column 11): expected the end of the value, "
            "got the end of the text");
  EXPECT_EQ(split({"\"1234", "567890"}, 10), error);
}

}  // namespace
}  // namespace sluice::gateway
