// Wire to JSON: bytes that encoders rarely write but protobuf allows, bytes that are malformed, and the print options.
#include <cmath>

#include "tests/gateway/transcode/engines.h"

namespace sluice::gateway {
namespace {

using std::string_literals::operator""s;

// Encoded fields one behind the other: every part is a message, so that the whole is them merged.
std::string joined(std::initializer_list<test::All> parts) {
  std::string bytes;
  for (const test::All& part : parts) bytes += part.SerializeAsString();
  return bytes;
}

test::All all(std::string_view json) {
  test::All message;
  EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(std::string(json), &message).ok()) << json;
  return message;
}

class JsonWriting : public testing::Test {
 protected:
  JsonWriting() : engine_(engine_of({"direct", make_direct_engine})) {
    RouteSpec spec;
    spec.input = spec.output = test::All::descriptor();
    transcoder_ = std::move(engine_->plan(spec).value());
  }

  std::string print(std::string_view bytes, const PrintOptions& options = {}) {
    rpc::Buffer out;
    const auto good = transcoder_->response(bytes, options, out);
    return good ? std::string(out.text()) : "!" + good.error().message();
  }

  std::unique_ptr<TranscodeEngine> engine_;
  std::unique_ptr<const Transcoder> transcoder_;
};

TEST_F(JsonWriting, PrintsEveryKind) {
  const char* const json =
      R"({"fDouble":-1.5,"fFloat":0.1,"fInt64":"-9223372036854775808","fUint64":"18446744073709551615","fInt32":-1,)"
      R"("fFixed64":"1","fFixed32":4294967295,"fBool":true,"fString":"aä\"","fMessage":{"name":"x"},"fBytes":"/+8=",)"
      R"("fUint32":7,"fEnum":"HISTORY","fSfixed32":-5,"fSfixed64":"-6","fSint32":-7,"fSint64":"-8","rInt32":[1,-1],)"
      R"("rString":["","b"],"rEnum":["FICTION"],"mStringInt32":{"k":1},"mInt64String":{"-5":"v"},)"
      R"("mBoolMessage":{"true":{}},"wTimestamp":"2000-02-29T23:59:59.500Z","wDuration":"-1.000000001s",)"
      R"("wMask":"aB,c","wStruct":{"n":null},"wValue":[1,"x",true,{}],"wAny":{"@type":"type.googleapis.com/sluice.test.Author","born":1},)"
      R"("wEmpty":{},"wInt32":0,"wString":"s","anys":[{"@type":"type.googleapis.com/google.protobuf.Duration","value":"1s"}],"far":1})";
  EXPECT_EQ(print(all(json).SerializeAsString()), json);
}

TEST_F(JsonWriting, AppliesWhatProtobufSaysAboutFieldsThatComeAgain) {
  const struct {
    std::initializer_list<test::All> parts;
    const char* expected;
  } cases[] = {
      {{all(R"({"fInt32":1})"), all(R"({"fInt32":2})")}, R"({"fInt32":2})"},
      {{all(R"({"rInt32":[1]})"), all(R"({"rString":["a"]})"), all(R"({"rInt32":[2,3]})")},
       R"({"rInt32":[1,2,3],"rString":["a"]})"},
      {{all(R"({"fMessage":{"name":"a","born":1}})"), all(R"({"fMessage":{"born":2}})")},
       R"({"fMessage":{"name":"a","born":2}})"},
      {{all(R"({"fMessage":{"mentor":{"born":1}}})"), all(R"({"fMessage":{"mentor":{"name":"m"}}})")},
       R"({"fMessage":{"mentor":{"name":"m","born":1}}})"},
      {{all(R"({"mStringInt32":{"a":1}})"), all(R"({"mStringInt32":{"b":2}})"), all(R"({"mStringInt32":{"a":3}})")},
       R"({"mStringInt32":{"b":2,"a":3}})"},
      {{all(R"({"oInt32":1})"), all(R"({"oString":"x"})")}, R"({"oString":"x"})"},
      {{all(R"({"oMessage":{"name":"a"}})"), all(R"({"oInt32":1})"), all(R"({"oMessage":{"born":2}})")},
       R"({"oMessage":{"born":2}})"},
      {{all(R"({"wStruct":{"a":1}})"), all(R"({"wStruct":{"a":2}})")}, R"({"wStruct":{"a":2}})"},
      {{all(R"({"wValue":1})"), all(R"({"wValue":"x"})")}, R"({"wValue":"x"})"},
      {{all(R"({"wTimestamp":"1970-01-01T00:00:01Z"})"), all(R"({"wTimestamp":"1970-01-01T00:00:00.5Z"})")},
       R"({"wTimestamp":"1970-01-01T00:00:01.500Z"})"},
      {{all(R"({"children":[{"fInt32":1}]})"), all(R"({"fInt32":9})"), all(R"({"children":[{"fInt32":2}]})")},
       R"({"fInt32":9,"children":[{"fInt32":1},{"fInt32":2}]})"},
  };
  for (const auto& test : cases) EXPECT_EQ(print(joined(test.parts)), test.expected);
}

TEST_F(JsonWriting, TakesRepeatedNumbersPackedOrNotAndDropsUnknownFields) {
  EXPECT_EQ(print("\xA8\x01\x05\xAA\x01\x02\x06\x07"), R"({"rInt32":[5,6,7]})");
  EXPECT_EQ(print("\xAA\x01\x00"s), "{}");
  EXPECT_EQ(print("\x28\x01\x98\xF4\x03\x01"), R"({"fInt32":1})");                           // field 8003
  EXPECT_EQ(print("\x2D\x01\x02\x03\x04\x28\x01"), R"({"fInt32":1})");                       // field 5 as fixed32
  EXPECT_EQ(print("\xC3\x3E\x08\x01\xC4\x3E\x28\x01"s), R"({"fInt32":1})");                  // a group
  EXPECT_EQ(print("\xFA\x01\x07\x10\x05\x0A\x01k\x10\x06"), R"({"mStringInt32":{"k":6}})");  // value, key, value
  EXPECT_EQ(print("\xFA\x01\x00"s), R"({"mStringInt32":{"":0}})");
}

// 2^32 is the zero of a 32-bit field, which then is not there.
TEST_F(JsonWriting, DropsTheUpperBitsOf32BitFields) {
  EXPECT_EQ(print("\x28\x80\x80\x80\x80\x10"), "{}");               // f_int32
  EXPECT_EQ(print("\x78\x80\x80\x80\x80\x10"), "{}");               // f_enum
  EXPECT_EQ(print("\x28\x81\x80\x80\x80\x10"), R"({"fInt32":1})");  // f_int32
  EXPECT_EQ(print("\x18\x80\x80\x80\x80\x10"), R"({"fInt64":"4294967296"})");
  EXPECT_EQ(print("\x40\x80\x80\x80\x80\x10"), R"({"fBool":true})");
}

// Whatever its number, a NullValue is null, and null is the value that is not there, but in a oneof.
TEST_F(JsonWriting, KnowsOneNullValue) {
  EXPECT_EQ(print("\x88\x03\x03"), "{}");
  EXPECT_EQ(print("\x80\x04\x03"), R"({"oNull":null})");
}

// A comma alone would be no mask.
TEST_F(JsonWriting, LeavesEmptyPathsOutOfMasks) {
  EXPECT_EQ(print("\xDA\x02\x04\x0A\x00\x0A\x00"s), R"({"wMask":""})");
  EXPECT_EQ(print("\xDA\x02\x07\x0A\x00\x0A\x01"
                  "a\x0A\x00"s),
            R"({"wMask":"a"})");
}

TEST_F(JsonWriting, RefusesMalformedBytes) {
  const std::string_view cases[] = {"\x28",
                                    "\x28\x80",
                                    "\x28\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01",
                                    "\x4A\x05x",
                                    "\x2F\x01",
                                    "\x03",
                                    "\x2C",
                                    "\xC3\x3E\x08\x01",
                                    std::string_view("\x00\x01", 2),
                                    "\xAA\x01\x01\x80",
                                    "\x52\x02\x0A\x05",
                                    "\x4A\x01\xFF",
                                    "\x4A\x02\xC0\x80"};
  for (const auto bytes : cases) EXPECT_EQ(print(bytes).substr(0, 13), "!the answer i") << print(bytes);
}

TEST_F(JsonWriting, NeverReadsBehindACutMessage) {
  test::All message = all(R"({"fString":"aä","fMessage":{"name":"x"},"rInt32":[1,2],"mStringInt32":{"k":1},"fDouble":1,
    "wStruct":{"a":[1,{"b":null}]},"wTimestamp":"2000-01-01T00:00:00Z","wMask":"a,b","anys":[{"@type":"type.googleapis.com/sluice.test.Author"}]})");
  const std::string bytes = message.SerializeAsString();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const std::string cut = bytes.substr(0, size);
    test::All parsed;
    const bool good = parsed.ParseFromString(cut);
    EXPECT_EQ(print(cut)[0] == '{', good) << size;
  }
}

TEST_F(JsonWriting, ShowsFieldsWithoutPresenceWhenAsked) {
  const google::protobuf::FileDescriptor* const files[] = {library_file()};
  const auto engine = make_direct_engine(SchemaFiles(files));
  RouteSpec spec;
  spec.input = spec.output = test::Book::descriptor();
  const auto transcoder = std::move(engine->plan(spec).value());
  test::Book book;
  book.set_pages(3);
  book.mutable_author();
  const auto text = response_text(*transcoder, book, {.always_print_fields_with_no_presence = true});
  EXPECT_EQ(*text, R"({"id":"","title":"","pages":3,"author":{"name":"","born":0},"tags":[],"labels":{},)"
                   R"("genre":"GENRE_UNKNOWN"})");
}

TEST_F(JsonWriting, IndentsByOneSpace) {
  EXPECT_EQ(
      print(all(R"({"rInt32":[1,2],"mStringInt32":{"a":1},"wStruct":{"x":[]},"wEmpty":{}})").SerializeAsString(),
            {.pretty = true}),
      "{\n \"rInt32\": [\n  1,\n  2\n ],\n \"mStringInt32\": {\n  \"a\": 1\n },\n \"wStruct\": {\n  \"x\": []\n },\n"
      " \"wEmpty\": {}\n}");
}

TEST_F(JsonWriting, RefusesWhatHasNoJson) {
  test::All message;
  message.mutable_w_value()->set_number_value(INFINITY);
  EXPECT_EQ(print(message.SerializeAsString()),
            "!the answer is no valid message: google.protobuf.Value: a number that is not finite");
  message.Clear();
  message.mutable_w_any()->set_type_url("t/no.Such");
  EXPECT_EQ(print(message.SerializeAsString()),
            "!the answer is no valid message: google.protobuf.Any: the type \"no.Such\" is not in the schema");
  message.Clear();
  message.mutable_w_timestamp()->set_seconds(253402300800);
  EXPECT_EQ(print(message.SerializeAsString()),
            "!the answer is no valid message: google.protobuf.Timestamp: the time is not in the years 1 to 9999");
}

TEST_F(JsonWriting, StopsAtTheDepthLimit) {
  test::All message;
  test::All* inner = &message;
  for (int i = 1; i < 100; ++i) inner = inner->mutable_child();
  EXPECT_EQ(print(message.SerializeAsString()).substr(0, 10), R"({"child":{)");
  inner->mutable_child();
  EXPECT_EQ(print(message.SerializeAsString()),
            "!the answer is no valid message: sluice.test.All: messages nested too deep");
}

}  // namespace
}  // namespace sluice::gateway
