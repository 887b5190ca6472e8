// Severities and the two formats of a line.
#include "gateway/telemetry/log.h"

#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>
#include <nlohmann/json.hpp>

#include "rpc_core/base/status.h"

namespace sluice::gateway {
namespace {

using Json = nlohmann::ordered_json;

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

std::string utc_now() {
  const auto now = std::chrono::system_clock::now();
  const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
  const auto milliseconds =
      std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count() % 1000;
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", parts.tm_year + 1900, parts.tm_mon + 1,
                     parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec, milliseconds);
}

// One object on one line; bytes that are no UTF-8 become U+FFFD.
std::string line_of(const Json& object) { return object.dump(-1, ' ', false, Json::error_handler_t::replace); }

// What would break a line of text, or end a quotation, is escaped.
std::string one_line(std::string_view text, bool quoted) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) {
      out += fmt::format("\\x{:02x}", byte);
      continue;
    }
    if (quoted && (c == '"' || c == '\\')) out.push_back('\\');
    out.push_back(c);
  }
  return out;
}

std::string grpc_name(int code) { return rpc::status_code_name(static_cast<rpc::StatusCode>(code)); }

// What a request has only with a call, or an id: " rpc=/package.Service/Method grpc=OK in=12 id=…".
std::string details_of(const AccessRecord& record) {
  std::string out;
  if (!record.rpc.empty()) out.append(" rpc=").append(record.rpc);
  if (record.grpc_status) out.append(" grpc=").append(grpc_name(*record.grpc_status));
  if (record.request_bytes != 0) out.append(" in=").append(std::to_string(record.request_bytes));
  if (!record.request_id.empty()) out.append(" id=").append(record.request_id);
  return out;
}

double milliseconds_of(rpc::Duration duration) { return std::chrono::duration<double, std::milli>(duration).count(); }

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

void Log::write(LogLevel severity, std::string_view message) {
  const auto level = level_of(severity);
  if (!logger_->should_log(level)) return;
  if (!json_) return logger_->log(level, one_line(message, false));
  const auto name = spdlog::level::to_string_view(level);
  const Json object = {{"time", utc_now()}, {"level", std::string(name.data(), name.size())}, {"message", message}};
  logger_->log(level, line_of(object));
}

void Log::access(const AccessRecord& record) {
  if (!logger_->should_log(spdlog::level::info)) return;
  if (!json_) {
    logger_->log(spdlog::level::info, "{} \"{} {}\" {} {} {:.3f}ms {}{}", record.peer, one_line(record.method, true),
                 one_line(record.target, true), record.status, record.response_bytes, milliseconds_of(record.duration),
                 record.route.empty() ? "-" : record.route, details_of(record));
    return;
  }
  Json object = {{"time", utc_now()},
                 {"level", "info"},
                 {"message", "request"},
                 {"peer", record.peer},
                 {"method", record.method},
                 {"target", record.target},
                 {"route", record.route},
                 {"rpc", record.rpc},
                 {"status", record.status},
                 {"request_bytes", record.request_bytes},
                 {"response_bytes", record.response_bytes},
                 {"duration_ms", milliseconds_of(record.duration)},
                 {"request_id", record.request_id}};
  if (record.grpc_status) object["grpc_status"] = grpc_name(*record.grpc_status);
  if (record.trace) object["traceparent"] = to_traceparent(*record.trace);
  logger_->log(spdlog::level::info, line_of(object));
}

}  // namespace sluice::gateway
