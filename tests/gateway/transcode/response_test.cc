// Answers, the same for both engines: response_body of every kind and the print options.
#include <google/protobuf/text_format.h>

#include "tests/gateway/transcode/engines.h"

namespace sluice::gateway {
namespace {

struct Case {
  const char* name;
  const char* response_body;
  const char* message;  // a Book in text form
  const char* expected;
  PrintOptions print = {};
};

std::ostream& operator<<(std::ostream& out, const Case& c) { return out << c.name; }

const Case kCases[] = {
    {"Whole", "", R"(id: "1" author { born: 2 } genre: FICTION)",
     R"({"id":"1","author":{"born":2},"genre":"FICTION"})"},
    {"Nothing", "", "", "{}"},
    {"EnumsAsIntegers", "", "genre: HISTORY", R"({"genre":2})", {.enums_as_integers = true}},
    {"ProtoNames", "", R"(gift_of { name: "x" })", R"({"gift_of":{"name":"x"}})", {.preserve_proto_names = true}},
    {"Pretty", "", "pages: 3 tags: 'a'", "{\n \"pages\": 3,\n \"tags\": [\n  \"a\"\n ]\n}", {.pretty = true}},
    {"MessageField", "author", R"(id: "1" author { born: 2 })", R"({"born":2})"},
    {"ScalarField", "pages", "pages: 3", "3"},
    {"AbsentScalarField", "pages", "", "0"},
    {"StringField", "title", R"(title: "a\"b")", R"("a\"b")"},
    {"RepeatedField", "tags", R"(tags: "a" tags: "b")", R"(["a","b"])"},
    {"AbsentRepeatedField", "tags", "", "[]"},
    {"MapField", "labels", R"(labels { key: "a" value: "b" })", R"({"a":"b"})"},
    {"AbsentMapField", "labels", "", "{}"},
    {"AbsentMessageField", "author", "", "{}"},
    {"WellKnownField", "published", "published { seconds: 1 }", R"("1970-01-01T00:00:01Z")"},
    {"AbsentWellKnownField", "published", "", "null"},
    {"EnumField", "genre", "genre: HISTORY", R"("HISTORY")"},
    {"PrettyField", "author", "author { born: 2 }", "{\n \"born\": 2\n}", {.pretty = true}},
};

class Response : public testing::TestWithParam<std::tuple<EngineKind, Case>> {};

TEST_P(Response, Prints) {
  const auto& [kind, test] = GetParam();
  const auto engine = engine_of(kind);
  RouteSpec spec;
  spec.input = spec.output = test::Book::descriptor();
  spec.response_body = test.response_body;
  const auto transcoder = engine->plan(spec);
  ASSERT_TRUE(transcoder) << transcoder.error().to_string();
  test::Book book;
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(test.message, &book));
  const auto text = response_text(**transcoder, book, test.print);
  ASSERT_TRUE(text) << text.error().to_string();
  EXPECT_EQ(*text, test.expected);
}

const EngineKind kKinds[] = {{"reference", make_reference_engine}, {"direct", make_direct_engine}};

INSTANTIATE_TEST_SUITE_P(Engines, Response, testing::Combine(testing::ValuesIn(kKinds), testing::ValuesIn(kCases)),
                         [](const auto& test) {
                           return std::string(std::get<0>(test.param).name) + std::get<1>(test.param).name;
                         });

}  // namespace
}  // namespace sluice::gateway
