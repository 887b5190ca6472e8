// AccessLog: one worker's lines about requests, gathered so that many of them are one write.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "gateway/config/config.h"
#include "gateway/telemetry/access_record.h"
#include "gateway/telemetry/log.h"
#include "gateway/telemetry/log_text.h"
#include "rpc_core/base/loop.h"

namespace sluice::gateway {

// Appends the record as one line.
void append_access_line(LogFormat format, std::string_view time, const AccessRecord& record, std::string& out);

// Lines wait for 16 KiB of them, or for a tenth of a second. Belongs to its loop's thread; what still waits is written
// at its end. Nothing is written while the log's level is above info.
class AccessLog final : private rpc::Timer {
 public:
  AccessLog(rpc::Loop& loop, Log& log) : loop_(loop), log_(log) {}
  ~AccessLog() { flush(); }

  void add(const AccessRecord& record);
  void flush();

 private:
  void on_timer() override { flush(); }

  rpc::Loop& loop_;
  Log& log_;
  UtcText clock_;
  std::string time_;
  std::string lines_;
};

}  // namespace sluice::gateway
