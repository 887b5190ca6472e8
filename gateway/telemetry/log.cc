// Severities and the two formats of a line.
#include "gateway/telemetry/log.h"

#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <string>

#include "gateway/telemetry/log_text.h"

namespace sluice::gateway {
namespace {

spdlog::level::level_enum level_of(LogLevel severity) {
  switch (severity) {
    case LogLevel::Trace:
      return spdlog::level::trace;
    case LogLevel::Debug:
      return spdlog::level::debug;
    case LogLevel::Info:
      return spdlog::level::info;
    case LogLevel::Warn:
      return spdlog::level::warn;
    case LogLevel::Error:
      return spdlog::level::err;
    case LogLevel::Off:
      break;
  }
  return spdlog::level::off;
}

}  // namespace

Log::Log(const LogConfig& config)
    : json_(config.format == LogFormat::Json),
      logger_(std::make_unique<spdlog::logger>("sluice", std::make_shared<spdlog::sinks::stderr_sink_mt>())) {
  logger_->set_level(level_of(config.level));
  logger_->flush_on(spdlog::level::trace);
  logger_->set_pattern(json_ ? "%v" : "%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
}

Log::~Log() = default;

LogLevel Log::level() const {
  constexpr std::array kAll = {LogLevel::Trace, LogLevel::Debug, LogLevel::Info,
                               LogLevel::Warn,  LogLevel::Error, LogLevel::Off};
  const auto found = std::ranges::find(kAll, logger_->level(), level_of);
  return found == kAll.end() ? LogLevel::Off : *found;
}

void Log::set_level(LogLevel level) { logger_->set_level(level_of(level)); }

bool Log::shows(LogLevel severity) const { return logger_->should_log(level_of(severity)); }

// The stream's own lock keeps them together.
void Log::write_lines(std::string_view lines) { std::fwrite(lines.data(), 1, lines.size(), stderr); }

void Log::write(LogLevel severity, std::string_view message) {
  const auto level = level_of(severity);
  if (!logger_->should_log(level)) return;
  std::string line;
  if (!json_) {
    append_plain_text(message, false, line);
    return logger_->log(level, line);
  }
  const auto name = spdlog::level::to_string_view(level);
  line = R"({"time":")";
  UtcText().append(std::chrono::system_clock::now(), line);
  line.append(R"(","level":")").append(name.data(), name.size()).append(R"(","message":)");
  append_json_text(message, line);
  line.push_back('}');
  logger_->log(level, line);
}

}  // namespace sluice::gateway
