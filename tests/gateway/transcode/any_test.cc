// google.protobuf.Any in requests: "@type" at any place, nested, with well-known types; and nesting limits.
#include "tests/gateway/transcode/engines.h"

namespace sluice::gateway {
namespace {

class AnyReading : public testing::Test {
 protected:
  AnyReading() : engine_(engine_of({"direct", make_direct_engine})) {
    RouteSpec spec;
    spec.input = spec.output = test::All::descriptor();
    spec.body = "*";
    transcoder_ = std::move(engine_->plan(spec).value());
  }

  // The JSON of what was read, or the error behind "!".
  std::string back(std::string_view json) {
    const auto bytes = request_bytes(*transcoder_, {{}, "", json});
    if (!bytes) return "!" + bytes.error().message();
    rpc::Buffer out;
    const auto good = transcoder_->response(*bytes, {}, out);
    return good ? std::string(out.text()) : "?" + good.error().message();
  }

  std::unique_ptr<TranscodeEngine> engine_;
  std::unique_ptr<const Transcoder> transcoder_;
};

TEST_F(AnyReading, TakesTheTypeAtAnyPlace) {
  const char* const expected = R"({"wAny":{"@type":"t/sluice.test.Author","name":"x","born":1}})";
  EXPECT_EQ(back(R"({"wAny":{"@type":"t/sluice.test.Author","name":"x","born":1}})"), expected);
  EXPECT_EQ(back(R"({"wAny":{"name":"x","@type":"t/sluice.test.Author","born":1}})"), expected);
  EXPECT_EQ(back(R"({"wAny":{"name":"x","born":1,"\u0040type":"t/sluice.\u0074est.Author"}})"), expected);
}

TEST_F(AnyReading, NestsAndHoldsWellKnownTypes) {
  const char* const nested =
      R"({"wAny":{"@type":"t/sluice.test.All","anys":[{"@type":"t/google.protobuf.Duration","value":"1s"},)"
      R"({"@type":"t/google.protobuf.Any","value":{"@type":"t/google.protobuf.Value","value":[1]}}]}})";
  EXPECT_EQ(back(nested), nested);
  EXPECT_EQ(back(R"({"wAny":{"anys":[{"value":"1s","@type":"t/google.protobuf.Duration"},)"
                 R"({"value":{"value":[1],"@type":"t/google.protobuf.Value"},"@type":"t/google.protobuf.Any"}],)"
                 R"("@type":"t/sluice.test.All"}})"),
            nested);
  EXPECT_EQ(back(R"({"wAny":{}})"), R"({"wAny":{}})");
}

TEST_F(AnyReading, RefusesWhatIsNone) {
  const std::pair<const char*, const char*> cases[] = {
      {R"({"wAny":{"name":"x"}})", "!w_any (line 1, column 9): expected a member \"@type\""},
      {R"({"wAny":{"@type":"t/no.Such"}})", "!w_any (line 1, column 9): the type \"no.Such\" is not in the schema"},
      {R"({"wAny":{"@type":"Author"}})", "!w_any (line 1, column 9): expected a type URL with a '/' as \"@type\""},
      {R"({"wAny":{"@type":7}})", "!w_any.@type (line 1, column 18): expected a string, got 7"},
      {R"({"wAny":{"@type":"t/sluice.test.Author","@type":"t/sluice.test.Author"}})",
       "!w_any (line 1, column 41): the name \"@type\" comes twice in one object"},
      {R"({"wAny":{"@type":"t/sluice.test.Author","born":"x"}})",
       "!w_any.born (line 1, column 48): expected int32, got \"x\""},
      {R"({"wAny":{"@type":"t/google.protobuf.Duration","value":1}})",
       "!w_any.value (line 1, column 55): expected a string, got 1"},
      {R"({"wAny":[]})", "!w_any (line 1, column 9): expected an object, got ["},
  };
  for (const auto& [json, expected] : cases) EXPECT_EQ(back(json), expected);
}

std::string nested(int depth, std::string_view open, std::string_view close) {
  std::string text;
  for (int i = 0; i < depth; ++i) text += open;
  for (int i = 0; i < depth; ++i) text += close;
  return text;
}

TEST_F(AnyReading, StopsAtTheDepthLimit) {
  EXPECT_EQ(back(nested(99, R"({"child":)", "") + "{}" + nested(99, "", "}")).substr(0, 9), R"({"child":)");
  EXPECT_NE(back(nested(100, R"({"child":)", "") + "{}" + nested(100, "", "}")).find("nested too deep"),
            std::string::npos);
  EXPECT_NE(back(R"({"wValue":)" + nested(100, "[", "]") + "}").find("nested too deep"), std::string::npos);
  EXPECT_NE(back(R"({"unknown":)" + nested(100, "[", "]") + "}").find("nested too deep"), std::string::npos);
  EXPECT_NE(back(nested(100000, R"({"wAny":)", "")).find("nested too deep"), std::string::npos);
  EXPECT_EQ(back(R"({"unknown":)" + nested(99, "[", "]") + "}"), "{}");
}

TEST_F(AnyReading, LongLengthsAtEveryLevelAreRight) {
  for (const std::size_t size : {1u, 100u, 127u, 128u, 300u, 16383u, 16384u, 70000u}) {
    const std::string leaf = R"({"fString":")" + std::string(size, 'x') + "\"}";
    std::string json = leaf;
    for (int i = 0; i < 60; ++i) json = R"({"child":)" + json + "}";
    EXPECT_EQ(back(json), json) << size;
  }
}

}  // namespace
}  // namespace sluice::gateway
