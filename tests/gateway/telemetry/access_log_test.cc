// Lines about requests: their formats, and when they are written.
#include "gateway/telemetry/access_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/support/loop_fixture.h"

namespace sluice::gateway {
namespace {

AccessRecord record() {
  AccessRecord one;
  one.method = "GET";
  one.target = "/v1/x";
  one.route = "/v1/{id}";
  one.client = "192.0.2.7:4711";
  one.status = 404;
  one.response_bytes = 12;
  one.duration = std::chrono::microseconds(1500);
  return one;
}

std::string line(LogFormat format, const AccessRecord& record) {
  std::string out;
  append_access_line(format, "T", record, out);
  return out;
}

TEST(AccessLine, IsText) {
  EXPECT_EQ(line(LogFormat::Text, record()), "T info 192.0.2.7:4711 \"GET /v1/x\" 404 12 1.500ms /v1/{id}\n");
  AccessRecord unmatched = record();
  unmatched.route = "";
  unmatched.duration = std::chrono::microseconds(7);
  EXPECT_EQ(line(LogFormat::Text, unmatched), "T info 192.0.2.7:4711 \"GET /v1/x\" 404 12 0.007ms -\n");
}

TEST(AccessLine, IsJson) {
  EXPECT_EQ(line(LogFormat::Json, record()),
            R"({"time":"T","level":"info","message":"request","peer":"192.0.2.7:4711","method":"GET",)"
            R"("target":"/v1/x","route":"/v1/{id}","rpc":"","status":404,"request_bytes":0,"response_bytes":12,)"
            R"("duration_ms":1.500,"request_id":""})"
            "\n");
}

TEST(AccessLine, NamesTheCall) {
  AccessRecord call = record();
  call.rpc = "/a.B/C";
  call.grpc_status = 5;
  call.request_bytes = 7;
  call.request_id = "id-1";
  EXPECT_THAT(line(LogFormat::Text, call), testing::EndsWith(" /v1/{id} rpc=/a.B/C grpc=NOT_FOUND in=7 id=id-1\n"));
  const std::string json = line(LogFormat::Json, call);
  for (const char* part :
       {R"("rpc":"/a.B/C")", R"("request_bytes":7)", R"("request_id":"id-1")", R"("grpc_status":"NOT_FOUND")"}) {
    EXPECT_THAT(json, testing::HasSubstr(part));
  }
}

TEST(AccessLine, EscapesWhatAClientMaySend) {
  struct Case {
    std::string target;
    std::string text;
    std::string json;
  };
  const Case cases[] = {{"/\"x\"?a=\\", R"("GET /\"x\"?a=\\")", R"("target":"/\"x\"?a=\\",)"},
                        {"/a\nb\x1b", R"("GET /a\x0ab\x1b")", R"("target":"/a\nb\u001b",)"},
                        {"/ü", "\"GET /ü\"", "\"target\":\"/ü\","},
                        {"/\xff", "\"GET /\xff\"", "\"target\":\"/\xef\xbf\xbd\","}};
  for (const Case& one : cases) {
    AccessRecord sent = record();
    sent.target = one.target;
    EXPECT_THAT(line(LogFormat::Text, sent), testing::HasSubstr(one.text));
    EXPECT_THAT(line(LogFormat::Json, sent), testing::HasSubstr(one.json));
  }
}

TEST(AccessLine, IsJsonWhateverByteStandsWhere) {
  for (std::size_t size = 1; size <= 17; ++size) {
    for (std::size_t place = 0; place < size; ++place) {
      std::string target(size, '!');
      for (int byte = 0; byte < 256; ++byte) {
        target[place] = static_cast<char>(byte);
        AccessRecord sent = record();
        sent.target = target;
        const auto parsed = nlohmann::json::parse(line(LogFormat::Json, sent), nullptr, false);
        ASSERT_TRUE(parsed.is_object()) << byte << " in " << size;
        ASSERT_EQ(byte < 0x80, parsed["target"] == target) << byte << " in " << size;
      }
    }
  }
}

TEST(AccessLine, HasRoomForTheLargestNumbers) {
  AccessRecord large = record();
  large.status = -2147483647;
  large.request_bytes = large.response_bytes = std::numeric_limits<std::uint64_t>::max();
  large.duration = rpc::Duration::max();
  EXPECT_THAT(line(LogFormat::Json, large),
              testing::HasSubstr(R"("status":-2147483647,"request_bytes":18446744073709551615,)"
                                 R"("response_bytes":18446744073709551615,"duration_ms":9223372036854.775,)"));
}

TEST(UtcText, TellsMillisecondsAndGoesOnToTheNextSecond) {
  using namespace std::chrono;
  UtcText text;
  std::string out;
  const auto moment = sys_days(year(2026) / 1 / 31) + 12h + 59min + 59s + 998ms;
  for (const auto later : {0ms, 1ms, 2ms}) {
    text.append(time_point_cast<system_clock::duration>(moment + later), out);
    out.push_back(' ');
  }
  EXPECT_EQ(out, "2026-01-31T12:59:59.998Z 2026-01-31T12:59:59.999Z 2026-01-31T13:00:00.000Z ");
}

class AccessLogTest : public rpc::testing::LoopFixture {
 protected:
  // What a function that uses a log leaves on stderr.
  template <class Function>
  std::string printed(Function function) {
    testing::internal::CaptureStderr();
    function();
    return testing::internal::GetCapturedStderr();
  }
  static std::size_t lines(const std::string& text) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  }

  Log log_{LogConfig()};
};

TEST_F(AccessLogTest, WritesAfterATenthOfASecond) {
  AccessLog access(loop, log_);
  EXPECT_EQ(printed([&] { access.add(record()); }), "");
  EXPECT_EQ(printed([&] { advance(std::chrono::milliseconds(99)); }), "");
  EXPECT_EQ(lines(printed([&] { advance(std::chrono::milliseconds(2)); })), 1U);
  EXPECT_EQ(printed([&] { advance(std::chrono::seconds(1)); }), "");
}

TEST_F(AccessLogTest, WritesWhenThereIsMuch) {
  AccessLog access(loop, log_);
  const std::string text = printed([&] {
    for (int i = 0; i < 400; ++i) access.add(record());
  });
  EXPECT_GE(text.size(), 16U * 1024);
  EXPECT_TRUE(text.ends_with("/v1/{id}\n"));
  EXPECT_EQ(lines(text) + lines(printed([&] { access.flush(); })), 400U);
}

TEST_F(AccessLogTest, WritesTheRestAtItsEnd) {
  EXPECT_EQ(lines(printed([&] {
              AccessLog access(loop, log_);
              access.add(record());
              access.add(record());
            })),
            2U);
}

TEST_F(AccessLogTest, WritesNothingBelowTheLevel) {
  log_.set_level(LogLevel::Warn);
  EXPECT_EQ(printed([&] { AccessLog(loop, log_).add(record()); }), "");
}

}  // namespace
}  // namespace sluice::gateway
