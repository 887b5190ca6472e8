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

TEST(Log, WritesLinesAsTheyAre) {
  EXPECT_EQ(printed(LogFormat::Json, LogLevel::Error, [](Log& log) { log.write_lines("a\nb\n"); }), "a\nb\n");
}

TEST(Log, LeavesOutWhatIsBelowItsLevel) {
  const auto all = [](Log& log) {
    log.info("i");
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
