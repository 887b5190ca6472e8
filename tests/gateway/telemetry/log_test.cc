// Lines of the log, as text and as JSON.
#include "gateway/telemetry/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>

namespace sluice::gateway {
namespace {

// The time of a line is not the test's: it is checked for its shape and cut off.
constexpr const char* kTime = "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z";

std::string printed(LogFormat format, LogLevel level, const std::function<void(Log&)>& write) {
  LogConfig config;
  config.format = format;
  config.level = level;
  testing::internal::CaptureStderr();
  {
    Log log(config);
    write(log);
  }
  return testing::internal::GetCapturedStderr();
}

// What stands behind the time of one line of text.
std::string text_line(const std::function<void(Log&)>& write) {
  const std::string line = printed(LogFormat::Text, LogLevel::Info, write);
  EXPECT_THAT(line, testing::ContainsRegex("^" + std::string(kTime) + " "));
  return line.size() > 25 ? line.substr(25) : line;
}

std::string json_line(const std::function<void(Log&)>& write) {
  const std::string line = printed(LogFormat::Json, LogLevel::Info, write);
  EXPECT_THAT(line, testing::ContainsRegex("^\\{\"time\":\"" + std::string(kTime) + "\","));
  return line.size() > 35 ? line.substr(35) : line;
}

AccessRecord record() {
  AccessRecord one;
  one.method = "GET";
  one.target = "/v1/\"x\"?a=\\";
  one.route = "/v1/{id}";
  one.peer = "192.0.2.7:4711";
  one.status = 404;
  one.response_bytes = 12;
  one.duration = std::chrono::microseconds(1500);
  return one;
}

TEST(Log, WritesText) {
  EXPECT_EQ(text_line([](Log& log) { log.info("ready {} %v"); }), "info ready {} %v\n");
  EXPECT_EQ(text_line([](Log& log) { log.warn("a \"b\""); }), "warning a \"b\"\n");
  EXPECT_EQ(text_line([](Log& log) { log.error("a\r\nb\x1b"); }), "error a\\x0d\\x0ab\\x1b\n");
}

TEST(Log, WritesJson) {
  EXPECT_EQ(json_line([](Log& log) { log.info("ready"); }), R"("level":"info","message":"ready"})"
                                                            "\n");
  EXPECT_EQ(json_line([](Log& log) { log.error("a\n\"b\" %v \xff"); }), R"("level":"error","message":"a\n\"b\" %v )"
                                                                        "\xef\xbf\xbd\"}\n");
}

TEST(Log, WritesAccessRecords) {
  EXPECT_EQ(text_line([](Log& log) { log.access(record()); }),
            R"(info 192.0.2.7:4711 "GET /v1/\"x\"?a=\\" 404 12 1.500ms /v1/{id})"
            "\n");
  AccessRecord unmatched = record();
  unmatched.route = "";
  EXPECT_THAT(text_line([&](Log& log) { log.access(unmatched); }), testing::EndsWith(" 1.500ms -\n"));
  EXPECT_EQ(json_line([](Log& log) { log.access(record()); }),
            R"("level":"info","message":"request","peer":"192.0.2.7:4711","method":"GET","target":"/v1/\"x\"?a=\\",)"
            R"("route":"/v1/{id}","rpc":"","status":404,"request_bytes":0,"response_bytes":12,"duration_ms":1.5,)"
            R"("request_id":""})"
            "\n");
  AccessRecord call = record();
  call.rpc = "/a.B/C";
  call.grpc_status = 5;
  call.request_bytes = 7;
  call.request_id = "id-1";
  EXPECT_THAT(text_line([&](Log& log) { log.access(call); }),
              testing::EndsWith(" /v1/{id} rpc=/a.B/C grpc=NOT_FOUND in=7 id=id-1\n"));
  const std::string json = json_line([&](Log& log) { log.access(call); });
  for (const char* part :
       {R"("rpc":"/a.B/C")", R"("request_bytes":7)", R"("request_id":"id-1")", R"("grpc_status":"NOT_FOUND")"}) {
    EXPECT_THAT(json, testing::HasSubstr(part));
  }
}

TEST(Log, LeavesOutWhatIsBelowItsLevel) {
  const auto all = [](Log& log) {
    log.info("i");
    log.access(record());
    log.warn("w");
    log.error("e");
  };
  EXPECT_THAT(printed(LogFormat::Text, LogLevel::Warn, all),
              testing::AllOf(testing::HasSubstr(" warning w\n"), testing::HasSubstr(" error e\n"),
                             testing::Not(testing::HasSubstr("info"))));
  EXPECT_EQ(printed(LogFormat::Json, LogLevel::Off, all), "");
}

}  // namespace
}  // namespace sluice::gateway
