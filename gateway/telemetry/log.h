// Log: lines for people or for machines, on stderr.
#pragma once

#include <memory>
#include <string_view>

#include "gateway/config/config.h"

namespace spdlog {
class logger;
}

namespace sluice::gateway {

// Thread-safe. As text: "2026-01-31T12:00:00.000Z info message"; as JSON one object a line.
// Control bytes are escaped: a message is always one line.
class Log {
 public:
  explicit Log(const LogConfig& config);
  ~Log();

  void info(std::string_view message) { write(LogLevel::Info, message); }
  void warn(std::string_view message) { write(LogLevel::Warn, message); }
  void error(std::string_view message) { write(LogLevel::Error, message); }
  // Lines that are complete, with their time and line ends, in one piece.
  void write_lines(std::string_view lines);

  LogFormat format() const { return json_ ? LogFormat::Json : LogFormat::Text; }
  bool shows(LogLevel severity) const;
  LogLevel level() const;
  void set_level(LogLevel level);

 private:
  void write(LogLevel severity, std::string_view message);

  const bool json_;
  std::unique_ptr<spdlog::logger> logger_;
};

}  // namespace sluice::gateway
