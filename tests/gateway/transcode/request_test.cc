// Binding of path, query and body, the same for both engines.
#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>

#include "tests/gateway/transcode/engines.h"

namespace sluice::gateway {
namespace {

struct Route {
  const char* name;
  std::vector<std::string> path;
  const char* body;
  bool patch = false;
};

const Route kGet{"get", {"id"}, ""};
const Route kGetNested{"get_nested", {"author.name", "author.born"}, ""};
const Route kPost{"post", {"id"}, "*"};
const Route kPostNested{"post_nested", {"author.name"}, "*"};
const Route kPostTime{"post_time", {"published"}, "*"};
const Route kPostPrice{"post_price", {"euros"}, "*"};
const Route kPostAuthor{"post_author", {"id"}, "author"};
const Route kPostTags{"post_tags", {}, "tags"};
const Route kPostLabels{"post_labels", {}, "labels"};
const Route kPostTitle{"post_title", {}, "title"};
const Route kPostGift{"post_gift", {}, "gift_of"};

struct Case {
  const char* name;
  const Route& route;
  TextRequest request;
  const char* expected;  // the message's text form; an error: its message, with "!" in front
};

std::ostream& operator<<(std::ostream& out, const Case& c) { return out << c.name; }

const Case kCases[] = {
    {"PathAndQuery", kGet, {{"7"}, "title=a+b%21&pages=3", ""}, R"(id: "7" title: "a b!" pages: 3)"},
    {"NestedPath", kGetNested, {{"x", "1900"}, "id=1", ""}, R"(id: "1" author { name: "x" born: 1900 })"},
    {"NestedQuery", kGet, {{"7"}, "author.mentor.name=m", ""}, R"(id: "7" author { mentor { name: "m" } })"},
    {"Repeated", kGet, {{"7"}, "tags=a&tags=b", ""}, R"(id: "7" tags: "a" tags: "b")"},
    {"Map", kGet, {{"7"}, "labels[a.b]=1", ""}, R"(id: "7" labels { key: "a.b" value: "1" })"},
    {"EnumName", kGet, {{"7"}, "genre=HISTORY", ""}, R"(id: "7" genre: HISTORY)"},
    {"EnumNumber", kGet, {{"7"}, "genre=2", ""}, R"(id: "7" genre: HISTORY)"},
    {"Timestamp", kGet, {{"7"}, "published=1970-01-01T00:00:01Z", ""}, R"(id: "7" published { seconds: 1 })"},
    {"Optional", kGet, {{"7"}, "stock=0", ""}, R"(id: "7" stock: 0)"},
    {"UnknownIgnored", kGet, {{"7"}, "utm=1&utm.x=2", ""}, R"(id: "7")"},
    {"WholeBody", kPost, {{"7"}, "", R"({"title":"t","pages":3})"}, R"(id: "7" title: "t" pages: 3)"},
    {"WholeBodyEmpty", kPost, {{"7"}, "", ""}, R"(id: "7")"},
    {"SameValueInBody", kPost, {{"7"}, "", R"({"id":"7"})"}, R"(id: "7")"},
    {"MergesNested", kPostNested, {{"x"}, "", R"({"author":{"born":5}})"}, R"(author { name: "x" born: 5 })"},
    {"SameTimeInBody",
     kPostTime,
     {{"1970-01-01T00:00:01Z"}, "", R"({"published":"1970-01-01T01:00:01+01:00"})"},
     "published { seconds: 1 }"},
    {"MessageBody", kPostAuthor, {{"7"}, "pages=2", R"({"name":"n"})"}, R"(id: "7" pages: 2 author { name: "n" })"},
    {"NullBody", kPostAuthor, {{"7"}, "", "null"}, R"(id: "7")"},
    {"NoBytes", kPostAuthor, {{"7"}, "", ""}, R"(id: "7")"},
    {"RepeatedBody", kPostTags, {{}, "", R"(["a","b"])"}, R"(tags: "a" tags: "b")"},
    {"MapBody", kPostLabels, {{}, "", R"({"a":"b"})"}, R"(labels { key: "a" value: "b" })"},
    {"ScalarBody", kPostTitle, {{}, "", R"("t")"}, R"(title: "t")"},
    {"QueryAndPath", kGet, {{"alice"}, "id=mallory", ""}, "!id: bound by the query and by the path"},
    {"QueryAndPathByJsonName",
     kGetNested,
     {{"x", "1"}, "author.name=x", ""},
     "!author.name: bound by the query and by the path"},
    {"QueryAndWholeBody", kPost, {{"7"}, "pages=1", "{}"}, "!pages: bound by the query and by the body"},
    {"QueryAndBodyField",
     kPostAuthor,
     {{"7"}, "author.name=1", "{}"},
     "!author.name: bound by the query and by the body"},
    {"QueryAndBodyOneof",
     kPostGift,
     {{}, "euros=1", "{}"},
     "!euros: bound by the query and by the body, with another member of the same oneof"},
    {"SingularTwice", kGet, {{"7"}, "pages=1&pages=1", ""}, "!pages: given twice: the field is singular"},
    {"TwoOfOneof", kGet, {{"7"}, "euros=1&barter=x", ""}, "!barter: another member of the same oneof is given too"},
    {"MapKeyTwice", kGet, {{"7"}, "labels[a]=1&labels[a]=2", ""}, "!labels[a]: given twice: expected each key once"},
    {"BodyOnGet", kGet, {{"7"}, "", "{}"}, "!expected no body, got one"},
    {"MapWithoutKey", kGet, {{"7"}, "labels=1", ""}, "!labels: expected a key in brackets: the field is a map"},
    {"KeyOfNoMap", kGet, {{"7"}, "title[x]=1", ""}, "!title[x]: expected a field name, got a key: the field is no map"},
    {"BadEscape", kGet, {{"7"}, "title=%4", ""}, "!title: expected two hexadecimal digits after '%', got \"%4\""},
};

class Request : public testing::TestWithParam<std::tuple<EngineKind, Case>> {};

TEST_P(Request, Binds) {
  const auto& [kind, test] = GetParam();
  const auto engine = engine_of(kind);
  RouteSpec spec;
  spec.input = test::Book::descriptor();
  spec.output = test::Book::descriptor();
  spec.path_variables = test.route.path;
  spec.body = test.route.body;
  spec.patch = test.route.patch;
  const auto transcoder = engine->plan(spec);
  ASSERT_TRUE(transcoder) << transcoder.error().to_string();
  const auto bytes = request_bytes(**transcoder, test.request);
  const std::string got = bytes ? text_of(*spec.input, *bytes) : "!" + bytes.error().message();
  EXPECT_EQ(got, test.expected);
}

const EngineKind kKinds[] = {{"reference", make_reference_engine}, {"direct", make_direct_engine}};

INSTANTIATE_TEST_SUITE_P(Engines, Request, testing::Combine(testing::ValuesIn(kKinds), testing::ValuesIn(kCases)),
                         [](const auto& test) {
                           return std::string(std::get<0>(test.param).name) + std::get<1>(test.param).name;
                         });

TEST(Request, ErrorNamesTheFieldInItsDetails) {
  const auto engine = engine_of(kKinds[0]);
  RouteSpec spec;
  spec.input = spec.output = test::Book::descriptor();
  const auto transcoder = engine->plan(spec);
  ASSERT_TRUE(transcoder);
  const auto bytes = request_bytes(**transcoder, {{}, "pages=many", ""});
  ASSERT_FALSE(bytes);
  EXPECT_EQ(bytes.error().code(), rpc::StatusCode::InvalidArgument);
  google::rpc::Status status;
  ASSERT_TRUE(status.ParseFromString(bytes.error().details()));
  google::rpc::BadRequest bad;
  ASSERT_EQ(status.details_size(), 1);
  ASSERT_TRUE(status.details(0).UnpackTo(&bad));
  EXPECT_EQ(bad.field_violations(0).field(), "pages");
}

}  // namespace
}  // namespace sluice::gateway
