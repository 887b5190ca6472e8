// proto2 through the direct engine: groups, extensions, closed enums, presence, both ways and cut at every byte.
#include "legacy.pb.h"
#include "tests/gateway/transcode/engines.h"

namespace sluice::gateway {
namespace {

struct Case {
  const char* name;
  const char* json;      // as it is printed, too, when it is taken
  const char* expected;  // the message's text form; an error: its message, with "!" in front
};

std::ostream& operator<<(std::ostream& out, const Case& c) { return out << c.name; }

const Case kCases[] = {
    {"Presence", R"({"number":0})", "number: 0"},
    {"Group", R"({"part":{"name":"x","inner":{"number":1}}})", R"(Part { name: "x" inner { number: 1 } })"},
    {"Groups", R"({"piece":[{"size":1},{}]})", "Piece { size: 1 } Piece { }"},
    {"GroupsInside", R"({"part":{"inner":{"part":{"inner":{}}}}})", "Part { inner { Part { inner { } } } }"},
    {"Extension", R"({"[sluice.test.nick_name]":"x"})", R"([sluice.test.nick_name]: "x")"},
    {"Extensions", R"({"[sluice.test.more]":[{"number":1},{"[sluice.test.nick_name]":""}]})",
     R"([sluice.test.more] { number: 1 } [sluice.test.more] { [sluice.test.nick_name]: "" })"},
    {"Closed", R"({"closed":"ONE","allClosed":["NONE","ONE"],"byName":{"a":"ONE"}})",
     R"(closed: ONE all_closed: NONE all_closed: ONE by_name { key: "a" value: ONE })"},
    {"PackedAndNot", R"({"loose":[1,-1],"tight":[1,-1]})", "loose: 1 loose: -1 tight: 1 tight: -1"},
    {"Oneof", R"({"chosen":"NONE"})", "chosen: NONE"},
    {"UnknownNumber", R"({"closed":2})",
     "!closed (line 1, column 11): expected a number of the closed enum sluice.test.Legacy.Closed, got 2"},
    {"NotInGroup", R"({"part":{"name":1}})", "!part.name (line 1, column 17): expected a string, got 1"},
    {"UnknownExtension", R"({"[sluice.test.no]":1})",
     "![sluice.test.no] (line 1, column 21): expected a field of sluice.test.Legacy, got 1"},
};

class LegacyTypes : public testing::TestWithParam<Case> {
 protected:
  LegacyTypes() {
    const google::protobuf::FileDescriptor* const files[] = {test::Legacy::descriptor()->file()};
    engine_ = make_direct_engine(SchemaFiles(files));
    RouteSpec spec;
    spec.input = spec.output = test::Legacy::descriptor();
    spec.body = "*";
    spec.parse.reject_unknown_fields = true;
    transcoder_ = std::move(engine_->plan(spec).value());
  }

  bool is_refused() const { return GetParam().expected[0] == '!'; }

  std::unique_ptr<TranscodeEngine> engine_;
  std::unique_ptr<const Transcoder> transcoder_;
};

TEST_P(LegacyTypes, GoThereAndBack) {
  const auto bytes = request_bytes(*transcoder_, {{}, "", GetParam().json});
  ASSERT_EQ(bytes ? text_of(*test::Legacy::descriptor(), *bytes) : "!" + bytes.error().message(), GetParam().expected);
  if (is_refused()) return;
  test::Legacy message;
  ASSERT_TRUE(message.ParseFromString(*bytes));
  EXPECT_EQ(response_text(*transcoder_, message).value(), GetParam().json);
}

TEST_P(LegacyTypes, RefuseEveryCutText) {
  const std::string_view json = GetParam().json;
  for (std::size_t size = 1; size < json.size(); ++size) {
    const std::string cut(json.substr(0, size));
    EXPECT_FALSE(request_bytes(*transcoder_, {{}, "", cut})) << cut;
  }
}

// A cut between two fields leaves a shorter message: what protobuf takes is printed, and nothing else.
TEST_P(LegacyTypes, PrintCutBytesAsProtobufTakesThem) {
  if (is_refused()) return;
  const std::string bytes = request_bytes(*transcoder_, {{}, "", GetParam().json}).value();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const std::string cut = bytes.substr(0, size);
    rpc::Buffer out;
    EXPECT_EQ(transcoder_->response(cut, {}, out).has_value(), test::Legacy().ParseFromString(cut)) << size;
  }
}

INSTANTIATE_TEST_SUITE_P(Cases, LegacyTypes, testing::ValuesIn(kCases),
                         [](const auto& test) { return test.param.name; });

TEST(LegacyAnswers, LeaveOutNumbersThatAClosedEnumLacks) {
  const google::protobuf::FileDescriptor* const files[] = {test::Legacy::descriptor()->file()};
  const auto engine = make_direct_engine(SchemaFiles(files));
  RouteSpec spec;
  spec.input = spec.output = test::Legacy::descriptor();
  const auto transcoder = std::move(engine->plan(spec).value());
  const std::pair<std::string_view, const char*> cases[] = {
      {"\x10\x01", R"({"closed":"ONE"})"},
      {"\x10\x07", "{}"},
      {"\x10\x01\x10\x07", R"({"closed":"ONE"})"},
      {"\x18\x01\x18\x07", R"({"allClosed":["ONE"]})"},
      {"\x32\x05\x0A\x01k\x10\x07", "{}"},
      {"\x52\x01x\x48\x07", R"({"text":"x"})"},  // the unknown member does not replace the other
  };
  for (const auto& [bytes, expected] : cases) {
    rpc::Buffer out;
    const auto good = transcoder->response(bytes, {}, out);
    EXPECT_EQ(good ? out.text() : good.error().message(), expected);
  }
}

}  // namespace
}  // namespace sluice::gateway
