// Where the direct engine differs from json_util, and why: the one table, each row tried with both.
#include <google/protobuf/text_format.h>

#include "legacy.pb.h"
#include "tests/gateway/transcode/engines.h"

namespace sluice::gateway {
namespace {

namespace pb = google::protobuf;

constexpr const char* kRefused = "refused";

struct Difference {
  const char* name;
  const char* json;
  const char* theirs;  // the message's text form, or kRefused
  const char* ours;
  const char* reason;
  bool legacy = false;  // a message of proto2
};

std::ostream& operator<<(std::ostream& out, const Difference& difference) { return out << difference.name; }

const Difference kReading[] = {
    {"SingleQuotes", R"({'fInt32':1})", "f_int32: 1", kRefused, "RFC 8259"},
    {"BareNames", R"({fInt32:1})", "f_int32: 1", kRefused, "RFC 8259"},
    {"TrailingComma", R"({"fInt32":1,})", "f_int32: 1", kRefused, "RFC 8259"},
    {"RawControls", "{\"fString\":\"a\nb\"}", R"(f_string: "a\nb")", kRefused, "RFC 8259"},
    {"NameTwice", R"({"fInt32":1,"fInt32":2})", "f_int32: 2", kRefused,
     "what a proxy in front checked may not be the value that is used"},
    {"NameTwiceByAlias", R"({"fInt32":1,"f_int32":2})", "f_int32: 2", kRefused, "the same"},
    {"UnknownEnumName", R"({"fEnum":"POETRY"})", "", kRefused, "a value would be lost silently"},
    {"NullElement", R"({"rString":["a",null]})", R"(r_string: "a")", kRefused, "ProtoJSON: no element is null"},
    {"StringForBool", R"({"fBool":"true"})", "f_bool: true", kRefused, "ProtoJSON"},
    {"NegativeZero", R"({"pInt32":-0,"fDouble":-0})", "p_int32: 0", "f_double: -0 p_int32: 0",
     "a double has a negative zero"},
    {"Exponent", R"({"fInt64":"1e2"})", kRefused, "f_int64: 100", "ProtoJSON: exponents are fine in strings"},
    {"Extension", R"({"[sluice.test.nick_name]":"x"})", "", R"([sluice.test.nick_name]: "x")",
     "ProtoJSON has a form for them", true},
};

// Wire bytes that print in two ways.
const Difference kWriting[] = {
    {"NotANumberInValue", R"(w_value { number_value: nan })", R"({"wValue":"NaN"})", kRefused, "ProtoJSON"},
    {"Extension", R"([sluice.test.nick_name]: "x")", "{}", R"({"[sluice.test.nick_name]":"x"})", "they are set", true},
    {"FieldMask", R"(w_mask { paths: "a__b" })", R"({"wMask":"aB"})", kRefused, "it would come back as another path"},
};

const pb::Descriptor* type_of(const Difference& difference) {
  return difference.legacy ? test::Legacy::descriptor() : test::All::descriptor();
}

std::unique_ptr<pb::Message> empty_of(const Difference& difference) {
  if (difference.legacy) return std::make_unique<test::Legacy>();
  return std::make_unique<test::All>();
}

class Differences : public testing::TestWithParam<Difference> {
 protected:
  Differences() {
    const pb::FileDescriptor* const files[] = {type_of(GetParam())->file()};
    engine_ = make_direct_engine(SchemaFiles(files));
    RouteSpec spec;
    spec.input = spec.output = type_of(GetParam());
    spec.body = "*";
    transcoder_ = std::move(engine_->plan(spec).value());
  }

  std::unique_ptr<TranscodeEngine> engine_;
  std::unique_ptr<const Transcoder> transcoder_;
};

class ReadingDiffers : public Differences {};

TEST_P(ReadingDiffers, AsTheTableSays) {
  const auto message = empty_of(GetParam());
  pb::util::JsonParseOptions options;
  options.ignore_unknown_fields = true;
  const bool taken = pb::util::JsonStringToMessage(GetParam().json, message.get(), options).ok();
  EXPECT_EQ(taken ? message->ShortDebugString() : kRefused, GetParam().theirs);

  const auto bytes = request_bytes(*transcoder_, {{}, "", GetParam().json});
  EXPECT_EQ(bytes ? text_of(*type_of(GetParam()), *bytes) : kRefused, GetParam().ours) << GetParam().reason;
}

INSTANTIATE_TEST_SUITE_P(Table, ReadingDiffers, testing::ValuesIn(kReading),
                         [](const auto& test) { return test.param.name; });

class WritingDiffers : public Differences {};

TEST_P(WritingDiffers, AsTheTableSays) {
  const auto message = empty_of(GetParam());
  ASSERT_TRUE(pb::TextFormat::ParseFromString(GetParam().json, message.get()));
  std::string theirs;
  const bool printed = pb::util::MessageToJsonString(*message, &theirs).ok();
  EXPECT_EQ(printed ? theirs : kRefused, GetParam().theirs);

  const auto ours = response_text(*transcoder_, *message);
  EXPECT_EQ(ours ? *ours : kRefused, GetParam().ours) << GetParam().reason;
}

INSTANTIATE_TEST_SUITE_P(Table, WritingDiffers, testing::ValuesIn(kWriting),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace sluice::gateway
