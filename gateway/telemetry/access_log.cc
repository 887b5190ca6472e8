// The two formats of a line, and when lines are written.
#include "gateway/telemetry/access_log.h"

#include <array>
#include <charconv>

#include "rpc_core/base/status.h"

namespace sluice::gateway {
namespace {

constexpr std::size_t kMostWaiting = 16 * 1024;
constexpr rpc::Duration kLongestWait = std::chrono::milliseconds(100);

template <class Number>
void append_number(Number value, std::string& out) {
  std::array<char, 32> digits;
  out.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr);
}

// "1.500"
void append_milliseconds(const AccessRecord& record, std::string& out) {
  const auto microseconds = std::chrono::duration_cast<std::chrono::microseconds>(record.duration).count();
  append_number(microseconds / 1000, out);
  out.push_back('.');
  append_thousandths(microseconds, out);
}

void append_member(std::string_view key, std::string_view text, std::string& out) {
  out.append(key);
  append_json_text(text, out);
}

std::string grpc_name(int code) { return rpc::status_code_name(static_cast<rpc::StatusCode>(code)); }

// What a request has only with a call, or an id: " rpc=/package.Service/Method grpc=OK in=12 id=…".
void append_details(const AccessRecord& record, std::string& out) {
  if (!record.rpc.empty()) out.append(" rpc=").append(record.rpc);
  if (record.grpc_status) out.append(" grpc=").append(grpc_name(*record.grpc_status));
  if (record.request_bytes != 0) {
    out += " in=";
    append_number(record.request_bytes, out);
  }
  if (!record.request_id.empty()) out.append(" id=").append(record.request_id);
}

void append_json(std::string_view time, const AccessRecord& record, std::string& out) {
  out.append(R"({"time":")").append(time).append(R"(","level":"info","message":"request")");
  append_member(R"(,"peer":)", client_of(record), out);
  append_member(R"(,"method":)", record.method, out);
  append_member(R"(,"target":)", record.target, out);
  append_member(R"(,"route":)", record.route, out);
  append_member(R"(,"rpc":)", record.rpc, out);
  out += R"(,"status":)";
  append_number(record.status, out);
  out += R"(,"request_bytes":)";
  append_number(record.request_bytes, out);
  out += R"(,"response_bytes":)";
  append_number(record.response_bytes, out);
  out += R"(,"duration_ms":)";
  append_milliseconds(record, out);
  append_member(R"(,"request_id":)", record.request_id, out);
  if (record.grpc_status) append_member(R"(,"grpc_status":)", grpc_name(*record.grpc_status), out);
  if (record.trace) append_member(R"(,"traceparent":)", to_traceparent(*record.trace), out);
  out += "}\n";
}

void append_text(std::string_view time, const AccessRecord& record, std::string& out) {
  out.append(time).append(" info ").append(client_of(record)).append(" \"");
  append_plain_text(record.method, true, out);
  out.push_back(' ');
  append_plain_text(record.target, true, out);
  out += "\" ";
  append_number(record.status, out);
  out.push_back(' ');
  append_number(record.response_bytes, out);
  out.push_back(' ');
  append_milliseconds(record, out);
  out.append("ms ").append(record.route.empty() ? "-" : record.route);
  append_details(record, out);
  out.push_back('\n');
}

}  // namespace

void append_access_line(LogFormat format, std::string_view time, const AccessRecord& record, std::string& out) {
  format == LogFormat::Json ? append_json(time, record, out) : append_text(time, record, out);
}

void AccessLog::add(const AccessRecord& record) {
  if (!log_.shows(LogLevel::Info)) return;
  time_.clear();
  clock_.append(std::chrono::system_clock::now(), time_);
  if (lines_.empty()) loop_.schedule(*this, rpc::deadline_after(loop_.now(), kLongestWait));
  append_access_line(log_.format(), time_, record, lines_);
  if (lines_.size() >= kMostWaiting) flush();
}

void AccessLog::flush() {
  cancel();
  if (lines_.empty()) return;
  log_.write_lines(lines_);
  lines_.clear();
}

}  // namespace sluice::gateway
