// JSON to wire: what is taken, what is refused and how it is said; every case also cut, and split, at every byte.
#include "gateway/transcode/json_splitter.h"
#include "tests/gateway/transcode/engines.h"

namespace sluice::gateway {
namespace {

struct Case {
  const char* name;
  const char* json;
  const char* expected;  // the message's text form; an error: its message, with "!" in front
  bool reject_unknown = false;
};

std::ostream& operator<<(std::ostream& out, const Case& c) { return out << c.name; }

const Case kCases[] = {
    {"Empty", "{}", ""},
    {"Spaces", " \t\r\n{ \"f_int32\" : 1 } \n", "f_int32: 1"},
    {"ProtoAndJsonNames", R"({"fInt32":1,"f_string":"x"})", "f_int32: 1 f_string: \"x\""},
    {"OtherJsonName", R"({"another-name":1})", "renamed: 1"},
    {"FarNumber", R"({"far":1})", "far: 1"},
    {"EscapedName", R"({"f\u0049nt32":1})", "f_int32: 1"},
    {"Integers",
     R"({"fInt32":-2147483648,"fUint32":4294967295,"fInt64":"-9223372036854775808","fUint64":18446744073709551615})",
     "f_int64: -9223372036854775808 f_uint64: 18446744073709551615 f_int32: -2147483648 f_uint32: 4294967295"},
    {"ZigzagAndFixed", R"({"fSint32":-1,"fSint64":"-2","fFixed32":3,"fFixed64":4,"fSfixed32":-5,"fSfixed64":-6})",
     "f_fixed64: 4 f_fixed32: 3 f_sfixed32: -5 f_sfixed64: -6 f_sint32: -1 f_sint64: -2"},
    {"IntegralExponents", R"({"fInt32":1e2,"fInt64":"1.50E1","rInt32":[100.0,0e5,-1.20e1]})",
     "f_int64: 15 f_int32: 100 r_int32: 100 r_int32: 0 r_int32: -12"},
    {"Doubles", R"({"fDouble":0.1,"fFloat":"1.5","rDouble":[-1e308,1e400]})",
     "!r_double[1] (line 1, column 49): expected double, got 1e400"},
    {"SpecialDoubles", R"({"rDouble":["NaN","-Infinity","Infinity",-0.0,1e-400,123456789012345678]})",
     "r_double: nan r_double: -inf r_double: inf r_double: -0 r_double: 0 r_double: 1.2345678901234568e+17"},
    {"Booleans", R"({"fBool":true,"wBool":false})", "f_bool: true w_bool { }"},
    {"Strings", R"({"fString":"a\"\\\/\b\f\n\r\t\u00e4\ud83d\ude00z"})",
     R"(f_string: "a\"\\/\010\014\n\r\t\303\244\360\237\230\200z")"},
    {"LongStrings",
     R"({"rString":["0123456789abcdef","0123456789abcdefg","äöüäöüäöüäöüäöü","0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"]})",
     R"(r_string: "0123456789abcdef" r_string: "0123456789abcdefg" r_string: "\303\244\303\266\303\274\303\244\303\266\303\274\303\244\303\266\303\274\303\244\303\266\303\274\303\244\303\266\303\274" r_string: "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789")"},
    {"Bytes", R"({"fBytes":"_-8","rBytes":["","AA==","/+8="]})",
     R"(f_bytes: "\377\357" r_bytes: "" r_bytes: "\000" r_bytes: "\377\357")"},
    {"Enums", R"({"fEnum":"HISTORY","rEnum":["FICTION",2,-1,77]})",
     "f_enum: HISTORY r_enum: FICTION r_enum: HISTORY r_enum: MINUS r_enum: 77"},
    {"Nulls", R"({"fInt32":null,"rInt32":null,"mStringInt32":null,"fMessage":null,"wInt32":null})", ""},
    {"NullValues", R"({"wValue":null,"wNull":null,"oNull":null})",
     "w_value { null_value: NULL_VALUE } o_null: NULL_VALUE"},
    {"EmptyRepeated", R"({"rInt32":[],"rMessage":[],"mStringInt32":{}})", ""},
    {"Messages", R"({"fMessage":{"name":"a","mentor":{"born":1}},"rMessage":[{},{"born":2}]})",
     R"(f_message { name: "a" mentor { born: 1 } } r_message { } r_message { born: 2 })"},
    {"Maps",
     R"({"mStringInt32":{"a":1},"mInt64String":{"-5":"x"},"mBoolMessage":{"true":{"born":1}},"mUint32Enum":{"7":"HISTORY"}})",
     R"(m_string_int32 { key: "a" value: 1 } m_int64_string { key: -5 value: "x" } m_bool_message { key: true value { born: 1 } } m_uint32_enum { key: 7 value: HISTORY })"},
    {"OneofOnce", R"({"oInt32":0,"oString":null})", "o_int32: 0"},
    {"Optional", R"({"pInt32":0,"pString":""})", R"(p_int32: 0 p_string: "")"},
    {"Timestamp", R"({"wTimestamp":"2000-02-29T23:59:59.5-01:00"})",
     "w_timestamp { seconds: 951872399 nanos: 500000000 }"},
    {"Duration", R"({"wDuration":"-1.5s"})", "w_duration { seconds: -1 nanos: -500000000 }"},
    {"FieldMask", R"({"wMask":"aB.cD,e"})", R"(w_mask { paths: "a_b.c_d" paths: "e" })"},
    {"Wrappers",
     R"({"wInt32":5,"wString":"","wBytes":"AA","wDouble":1.5,"wInt64":"7","wUint64":8,"wUint32":9,"wFloat":0.5})",
     R"(w_int32 { value: 5 } w_string { } w_bytes { value: "\000" } w_double { value: 1.5 } w_int64 { value: 7 } w_uint64 { value: 8 } w_uint32 { value: 9 } w_float { value: 0.5 })"},
    {"Struct", R"({"wStruct":{"a":[1,"x",null,true,{}]}})",
     R"(w_struct { fields { key: "a" value { list_value { values { number_value: 1 } values { string_value: "x" } values { null_value: NULL_VALUE } values { bool_value: true } values { struct_value { } } } } } })"},
    {"UnknownIgnored", R"({"x":{"y":[1,"\u00e4",true,false,null,{}]},"fInt32":1})", "f_int32: 1"},
    {"UnknownRejected", R"({"child":{"x":1}})",
     "!child.x (line 1, column 15): expected a field of sluice.test.All, got 1", true},
    {"WrongType", R"({"fMessage":{"born":"many"}})",
     "!f_message.born (line 1, column 21): expected int32, got \"many\""},
    {"TooLarge", "{\n \"rInt32\": [1,\n 2147483648]}",
     "!r_int32[1] (line 3, column 2): expected int32, got 2147483648"},
    {"NegativeUnsigned", R"({"fUint32":-1})", "!f_uint32 (line 1, column 12): expected uint32, got -1"},
    {"Fraction", R"({"fInt32":1.5})", "!f_int32 (line 1, column 11): expected int32, got 1.5"},
    {"LeadingZero", R"({"fInt32":01})", "!(line 1, column 12): expected ',' or '}', got 1"},
    {"NullElement", R"({"rString":["a",null]})", "!r_string[1] (line 1, column 17): expected an element, got null"},
    {"NullInMap", R"({"mStringInt32":{"k":null}})",
     "!m_string_int32[\"k\"] (line 1, column 22): expected a value, got null"},
    {"UnknownEnum", R"({"fEnum":"POETRY"})",
     "!f_enum (line 1, column 10): expected a name of sluice.test.Genre, got \"POETRY\""},
    {"BadBase64", R"({"fBytes":"a"})", "!f_bytes (line 1, column 11): expected base64, got \"a\""},
    {"BadKey", R"({"mInt64String":{"x":""}})",
     "!m_int64_string (line 1, column 18): expected int64 as the key, got \"x\""},
    {"Twice", R"({"fInt32":1,"f_int32":1})", "!(line 1, column 13): the field f_int32 comes twice in one object"},
    {"TwiceInMap", R"({"mStringInt32":{"a":1,"\u0061":1}})",
     "!m_string_int32 (line 1, column 24): the name \"a\" comes twice in one object"},
    {"TwiceInMapByValue", R"({"mInt64String":{"1":"","1.0":""}})",
     "!m_int64_string (line 1, column 25): the key \"1.0\" comes twice"},
    {"TwiceInStruct", R"({"wStruct":{"a":1,"a":1}})",
     "!w_struct (line 1, column 19): the name \"a\" comes twice in one object"},
    {"TwiceUnknown", R"({"x":1,"x":1})", "!(line 1, column 8): the name \"x\" comes twice in one object"},
    {"SecondOfOneof", R"({"oInt32":1,"oString":"x"})", "!(line 1, column 13): a second member of the oneof choice"},
    {"LoneSurrogate", R"({"fString":"\ud800x"})",
     "!f_string (line 1, column 13): expected a surrogate pair, got \\ud800x"},
    {"BadUtf8", "{\"fString\":\"a\xFFz\"}", "!f_string (line 1, column 14): expected UTF-8, got \"?z\""},
    {"RawControl", "{\"fString\":\"a\nz\"}",
     "!f_string (line 1, column 14): expected an escaped control character, got \"?\""},
    {"SingleQuotes", "{'fInt32':1}", "!(line 1, column 2): expected a member name in double quotes, got 'fInt32'"},
    {"TrailingComma", R"({"fInt32":1,})", "!(line 1, column 13): expected a member name in double quotes, got }"},
    {"Behind", "{} x", "!(line 1, column 4): expected nothing behind the value, got x"},
    {"NotAnObject", "[]", "!(line 1, column 1): expected an object, got ["},
    {"Null", "null", "!(line 1, column 1): expected an object, got null"},
    {"BadTimestamp", R"({"wTimestamp":"2001-02-29T00:00:00Z"})",
     "!w_timestamp (line 1, column 15): expected a timestamp such as 2001-02-03T04:05:06.789Z, got "
     "\"2001-02-29T00:00:00Z\""},
    {"BadMask", R"({"wMask":"a_b"})",
     "!w_mask (line 1, column 10): expected a field mask such as user.displayName,photo, got \"a_b\""},
};

class JsonReading : public testing::TestWithParam<Case> {
 protected:
  JsonReading() : engine_(engine_of({"direct", make_direct_engine})) {
    RouteSpec spec;
    spec.input = spec.output = test::All::descriptor();
    spec.body = "*";
    spec.parse.reject_unknown_fields = GetParam().reject_unknown;
    transcoder_ = std::move(engine_->plan(spec).value());
  }

  // The first value of a stream that comes in those pieces, or what is wrong with it.
  std::string streamed(std::initializer_list<std::string_view> pieces) {
    JsonSplitter splitter(100000);
    std::string out;
    for (const std::string_view piece : pieces) {
      const std::string copy(piece);  // so that reading it later is noticed
      splitter.feed(copy);
      out += drain(splitter);
    }
    splitter.feed({});
    splitter.finish();
    return out + drain(splitter);
  }

  std::string drain(JsonSplitter& splitter) {
    std::string out;
    while (true) {
      const auto value = splitter.next();
      if (!value) return "!" + value.error().message();
      if (!*value) return out;
      RequestParts parts;
      parts.body = (*value)->text;
      parts.line = (*value)->line;
      parts.column = (*value)->column;
      rpc::Buffer bytes;
      const auto good = transcoder_->request(parts, bytes);
      out += good ? text_of(*test::All::descriptor(), std::string(bytes.text())) : "!" + good.error().message();
    }
  }

  std::unique_ptr<TranscodeEngine> engine_;
  std::unique_ptr<const Transcoder> transcoder_;
};

TEST_P(JsonReading, GivesTheMessageOrTheReason) {
  const auto bytes = request_bytes(*transcoder_, {{}, "", GetParam().json});
  EXPECT_EQ(bytes ? text_of(*test::All::descriptor(), *bytes) : "!" + bytes.error().message(), GetParam().expected);
}

TEST_P(JsonReading, RefusesEveryCutText) {
  const std::string_view json = GetParam().json;
  const std::size_t end = json.find_last_not_of(" \n") + 1;
  for (std::size_t size = 1; size < end; ++size) {
    const std::string cut(json.substr(0, size));  // a copy, so that reading behind it is noticed
    if (cut.starts_with("{}")) continue;          // with something behind: cut short, it is whole
    EXPECT_FALSE(request_bytes(*transcoder_, {{}, "", cut})) << cut;
  }
}

// A client stream of one value that comes in two pieces.
TEST_P(JsonReading, GivesTheSameForEverySplit) {
  const std::string_view json = GetParam().json;
  if (json[0] == '[') return;  // an array is the stream's own form
  const std::string whole = streamed({json});
  EXPECT_EQ(whole[0] == '!', GetParam().expected[0] == '!') << whole;
  if (whole[0] != '!') {
    EXPECT_EQ(whole, GetParam().expected);
  }
  for (std::size_t size = 1; size < json.size(); ++size) {
    EXPECT_EQ(streamed({json.substr(0, size), json.substr(size)}), whole) << size;
  }
}

INSTANTIATE_TEST_SUITE_P(Cases, JsonReading, testing::ValuesIn(kCases),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace sluice::gateway
