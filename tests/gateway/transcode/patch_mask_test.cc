// The field mask of a PATCH, filled from the body's members; and what a stream's later messages take from the path.
#include "tests/gateway/transcode/engines.h"

namespace sluice::gateway {
namespace {

std::unique_ptr<const Transcoder> patch_route(TranscodeEngine& engine, const char* body, bool whole = false) {
  RouteSpec spec;
  spec.input = spec.output = test::UpdateBookRequest::descriptor();
  spec.patch = true;
  spec.path_variables = {"book.id"};
  spec.body = body;
  spec.parse.patch_mask_for_whole_body = whole;
  return std::move(engine.plan(spec).value());
}

std::string mask_of(const Transcoder& route, const TextRequest& request) {
  const auto bytes = request_bytes(route, request);
  if (!bytes) return "!" + bytes.error().message();
  test::UpdateBookRequest message;
  EXPECT_TRUE(message.ParseFromString(*bytes));
  std::string paths;
  for (const std::string& path : message.update_mask().paths()) paths += path + " ";
  return paths;
}

class PatchMask : public testing::TestWithParam<EngineKind> {};

TEST_P(PatchMask, HasThePathsOfTheMembersPresent) {
  const auto engine = engine_of(GetParam());
  const auto route = patch_route(*engine, "book");
  const std::pair<const char*, const char*> cases[] = {
      {R"({"title":"t","pages":null})", "title pages "},
      {R"({"author":{"name":"a","mentor":{"born":1}}})", "author.name author.mentor.born "},
      {R"({"author":{}})", "author "},
      {"{\"author\":{ \n}}", "author "},
      {R"({"author":{"unknown":1},"title":"t"})", "title "},
      {R"({"author":{"mentor":{}}})", "author.mentor "},
      {R"({"author":null})", "author "},
      {R"({"tags":["a"],"labels":{"k":"v"}})", "tags labels "},
      {R"({"published":"1970-01-01T00:00:01Z","extra":{"a":{"b":1}}})", "published extra "},
      {R"({"giftOf":{"name":"x"},"unknown":1})", "gift_of.name "},
      {R"({"id":"7","title":"t"})", "id title "},
      {"{}", ""},
  };
  for (const auto& [body, expected] : cases) EXPECT_EQ(mask_of(*route, {{"7"}, "", body}), expected) << body;
}

TEST_P(PatchMask, IsLeftAloneWhenGiven) {
  const auto engine = engine_of(GetParam());
  EXPECT_EQ(mask_of(*patch_route(*engine, "book"), {{"7"}, "update_mask=title,giftOf.name", R"({"pages":1})"}),
            "title gift_of.name ");
}

TEST_P(PatchMask, IsThePathsOwnWhereThePathBindsIt) {
  const auto engine = engine_of(GetParam());
  RouteSpec spec;
  spec.input = test::UpdateBookRequest::descriptor();
  spec.output = test::Book::descriptor();
  spec.patch = true;
  spec.path_variables = {"update_mask"};
  spec.body = "book";
  const auto route = std::move(engine->plan(spec).value());
  EXPECT_EQ(mask_of(*route, {{"title"}, "", R"({"pages":1})"}), "title ");
}

TEST_P(PatchMask, IsFilledFromTheWholeBodyWhenSwitchedOn) {
  const auto engine = engine_of(GetParam());
  EXPECT_EQ(mask_of(*patch_route(*engine, "*"), {{"7"}, "", R"({"book":{"pages":1}})"}), "");
  EXPECT_EQ(mask_of(*patch_route(*engine, "*", true), {{"7"}, "", R"({"book":{"pages":1}})"}), "book.pages ");
  EXPECT_EQ(mask_of(*patch_route(*engine, "*", true), {{"7"}, "", R"({"book":{"pages":1},"updateMask":"book.title"})"}),
            "book.title ");
}

INSTANTIATE_TEST_SUITE_P(Engines, PatchMask,
                         testing::Values(EngineKind{"reference", make_reference_engine},
                                         EngineKind{"direct", make_direct_engine}),
                         [](const auto& test) { return test.param.name; });

class LaterMessage : public testing::TestWithParam<EngineKind> {};

TEST_P(LaterMessage, IsOnlyComparedWithThePath) {
  const auto engine = engine_of(GetParam());
  RouteSpec spec;
  spec.input = spec.output = test::Book::descriptor();
  spec.path_variables = {"id"};
  spec.body = "*";
  const auto route = std::move(engine->plan(spec).value());
  const auto later = [&](std::string_view body) {
    const std::string_view captures[] = {"7"};
    RequestParts parts;
    parts.captures = captures;
    parts.body = body;
    parts.query = "utm=1";
    parts.first = false;
    rpc::Buffer out(rpc::kMessagePrefixBytes);
    const auto good = route->request(parts, out);
    return good ? text_of(*spec.input, std::string(out.text())) : "!" + good.error().message().substr(0, 2);
  };
  EXPECT_EQ(later(R"({"title":"t"})"), R"(title: "t")");
  EXPECT_EQ(later(R"({"id":"8"})"), "!id");
  EXPECT_EQ(later(R"({"id":"7","title":"t"})"), R"(id: "7" title: "t")");
}

INSTANTIATE_TEST_SUITE_P(Engines, LaterMessage,
                         testing::Values(EngineKind{"reference", make_reference_engine},
                                         EngineKind{"direct", make_direct_engine}),
                         [](const auto& test) { return test.param.name; });

TEST(PathWins, OverBodyAndQueryWhereThatIsChosen) {
  const auto engine = engine_of({"direct", make_direct_engine});
  RouteSpec spec;
  spec.input = spec.output = test::Book::descriptor();
  spec.path_variables = {"id", "euros"};
  spec.body = "*";
  spec.parse.path_wins = true;
  const auto route = std::move(engine->plan(spec).value());
  const auto bytes = request_bytes(*route, {{"7", "1.5"}, "title=q&id=9", R"({"id":"8","barter":"x","pages":1})"});
  ASSERT_TRUE(bytes) << bytes.error().to_string();
  EXPECT_EQ(text_of(*spec.input, *bytes), R"(id: "7" pages: 1 euros: 1.5)");
}

}  // namespace
}  // namespace sluice::gateway
