// Request streams: arrays, lines, concatenated values, raw pieces; whatever the pieces in which they arrive.
#include "gateway/protocol/request_reader.h"

#include <gtest/gtest.h>

#include "tests/gateway/protocol/rest_fixture.h"

namespace sluice::gateway {
namespace {

using rpc::StatusCode;

class RequestReaderTest : public RestFixture {
 protected:
  RequestReaderTest() { route.client_streams = true; }

  // The messages as text, and "CODE HTTP-STATUS: message" of an error.
  std::string read_all(FakeRequest& request) {
    RequestBinding binding(route, request.headers());
    const std::vector<std::string_view> captures(route.unescape.size(), "b1");
    EXPECT_TRUE(binding.bind(captures, query));
    RequestReader reader(request, route, binding);
    std::string seen;
    while (true) {
      const auto message = run(reader.read());
      if (!message) {
        const rpc::Status& error = message.error();
        return seen + std::to_string(static_cast<int>(error.code())) + " " +
               std::to_string(reader.http_status().value_or(0)) + ": " + error.message();
      }
      if (!*message) return seen;
      EXPECT_GE((*message)->headroom(), rpc::kMessagePrefixBytes);
      test::Book got;
      EXPECT_TRUE(got.ParseFromString(std::string((*message)->text())));
      seen += got.ShortDebugString() + "; ";
    }
  }
  std::string read_all(const std::vector<std::string>& pieces, Headers headers = {}) {
    FakeRequest request(loop, "POST", "/v1/b1", std::move(headers));
    request.pieces = pieces;
    return read_all(request);
  }
  // In one piece, in every two, and byte by byte: the same.
  std::string read_all_ways(const std::string& body) {
    const std::string whole = read_all({body});
    std::vector<std::string> bytes;
    for (std::size_t cut = 0; cut < body.size(); ++cut) {
      EXPECT_EQ(read_all({body.substr(0, cut), body.substr(cut)}), whole) << cut;
      bytes.push_back(body.substr(cut, 1));
    }
    EXPECT_EQ(read_all(bytes), whole);
    return whole;
  }
};

struct Case {
  const char* name;
  const char* body;
  const char* seen;
};

const Case kCases[] = {
    {"Nothing", "", ""},
    {"EmptyArray", " [ ] ", ""},
    {"Array", R"([{"pages":1}, {"pages":2}])", R"(id: "b1" pages: 1; pages: 2; )"},
    {"Lines", "{\"pages\":1}\n{\"pages\":2}\r\n\n{}\n", R"(id: "b1" pages: 1; pages: 2; ; )"},
    {"Concatenated", R"({"pages":1}{"title":"]}"} {"pages":3})", R"(id: "b1" pages: 1; title: "]}"; pages: 3; )"},
    {"SamePath", R"({"id":"b1"}{"id":"b1"})", R"(id: "b1"; id: "b1"; )"},
    {"PathOfTheFirst", R"([{"id":"b2"}])", "3 0: "},
    {"PathOfTheSecond", "{\"pages\":1}\n{\"id\":\"mallory\"}", R"(id: "b1" pages: 1; 3 0: )"},
    {"ByJsonOrProtoName", R"([{"pages":1},{"\u0069d":"mallory"}])", R"(id: "b1" pages: 1; 3 0: )"},
    {"BadValue", R"([{"pages":1},{"pages":"x"}])", R"(id: "b1" pages: 1; 3 0: )"},
    {"Truncated", R"([{"pages":1})", R"(id: "b1" pages: 1; 3 0: )"},
    {"TruncatedValue", R"({"pages":1}{"pages":)", R"(id: "b1" pages: 1; 3 0: )"},
    {"BehindTheArray", R"([]{})", "3 0: "},
    {"NoJson", "x=1", "3 0: "},
};

TEST_F(RequestReaderTest, SplitsABodyIntoMessages) {
  for (const Case& one : kCases) {
    const std::string seen = read_all_ways(one.body);
    const std::string expected = one.seen;
    const bool fails = expected.ends_with(": ") && expected.ends_with("3 0: ");
    EXPECT_EQ(fails ? seen.substr(0, expected.size()) : seen, expected) << one.name << "\n" << seen;
  }
}

TEST_F(RequestReaderTest, SaysWhereAValueIsWrong) {
  const std::string seen = read_all_ways("{\"pages\":1}\n  {\"pages\":\"x\"}");
  EXPECT_NE(seen.find("line 2, column 12"), std::string::npos) << seen;
}

TEST_F(RequestReaderTest, BindsTheQueryOnTheFirst) {
  RouteSpec spec;
  spec.input = test::Book::descriptor();
  spec.output = test::Book::descriptor();
  spec.path_variables = {"id"};
  plan(spec);
  query = "pages=5";
  EXPECT_EQ(read_all(std::vector<std::string>{}), R"(id: "b1" pages: 5; )");
  EXPECT_TRUE(read_all({"{}"}).starts_with("3 0: ")) << "the route has no body";
}

TEST_F(RequestReaderTest, BindsTheQueryWhereThereIsNoMessage) {
  query = "pages=5";
  for (const char* body : {"", "[]", " ", "{}"}) {
    const std::string seen = read_all_ways(body);
    EXPECT_TRUE(seen.starts_with("3 0: pages: ")) << body << "\n" << seen;
  }
}

TEST_F(RequestReaderTest, LimitsEachMessageAndNotTheStream) {
  std::string many;
  for (int i = 0; i < 1000; ++i) many += R"({"title":"1234567890"})";
  const std::string seen = read_all({many});
  EXPECT_EQ(std::count(seen.begin(), seen.end(), ';'), 1000);
  const std::string large = "{\"title\":\"" + std::string(1000, 'x') + "\"}";
  EXPECT_TRUE(read_all({large}).starts_with("8 413: ")) << read_all({large});
  EXPECT_TRUE(read_all({large.substr(0, 500), large.substr(500)}).starts_with("8 413: "));
  EXPECT_TRUE(read_all({"{}" + large}).starts_with("id: \"b1\"; 8 413: "));
}

TEST_F(RequestReaderTest, TakesTheTypesOfJsonAndLines) {
  for (const char* type : {"application/json", "application/x-ndjson", "application/jsonl; charset=utf-8"}) {
    EXPECT_EQ(read_all({"{}"}, {{"Content-Type", type}}), "id: \"b1\"; ") << type;
  }
  EXPECT_EQ(read_all({"{}"}, {{"Content-Type", "text/csv"}}),
            "3 415: Content-Type: expected application/json or application/x-ndjson in UTF-8, got \"text/csv\"");
  EXPECT_EQ(read_all({""}, {{"Content-Type", "text/csv"}}), "");
  EXPECT_TRUE(read_all({"{}"}, {{"Content-Encoding", "compress"}}).starts_with("3 415: "));
  FakeRequest waits(loop, "POST", "/v1/b1", {{"Content-Type", "text/csv"}, {"Expect", "100-continue"}});
  EXPECT_TRUE(read_all(waits).starts_with("3 415: "));
  EXPECT_EQ(waits.reads, 0);
  route.client_streams = false;
  EXPECT_TRUE(read_all({"{}"}, {{"Content-Type", "application/x-ndjson"}}).starts_with("3 415: "));
}

TEST_F(RequestReaderTest, PassesOnWhatIsWrongWithTheBody) {
  const std::pair<StatusCode, const char*> cases[] = {
      {StatusCode::DeadlineExceeded, "id: \"b1\"; 4 408: why"},
      {StatusCode::InvalidArgument, "id: \"b1\"; 3 400: why"},
      {StatusCode::Cancelled, "id: \"b1\"; 1 499: why"},
  };
  for (const auto& [code, seen] : cases) {
    FakeRequest request(loop, "POST", "/v1/b1");
    request.pieces = {"{}"};
    request.body_error = rpc::Status(code, "why");
    EXPECT_EQ(read_all(request), seen);
  }
}

TEST_F(RequestReaderTest, PassesRawPiecesAsTheyArrive) {
  plan_raw();
  const auto pieces_of = [this](std::vector<std::string> pieces) {
    FakeRequest request(loop, "POST", "/raw", {{"Content-Type", "image/png"}});
    request.pieces = std::move(pieces);
    RequestBinding binding(route, request.headers());
    RequestReader reader(request, route, binding);
    std::vector<std::string> seen;
    while (true) {
      const auto message = run(reader.read());
      if (!message || !*message) return seen;
      seen.emplace_back((*message)->text());
    }
  };
  EXPECT_EQ(pieces_of({"ab", "c"}), (std::vector<std::string>{raw("image/png", "ab"), raw("", "c")}));
  EXPECT_EQ(pieces_of({"", "ab", ""}), (std::vector<std::string>{raw("image/png", "ab")}));
  EXPECT_EQ(pieces_of({""}), (std::vector<std::string>{raw("image/png", "")}));
}

}  // namespace
}  // namespace sluice::gateway
