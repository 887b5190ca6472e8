// The two formats of a line, and when lines are written.
#include "gateway/telemetry/access_log.h"

#include <array>
#include <charconv>
#include <cstring>

#include "rpc_core/base/status.h"

namespace sluice::gateway {
namespace {

constexpr std::size_t kMostWaiting = 16 * 1024;
constexpr std::size_t kNumberBytes = 24;
// What a line of JSON has beside its texts, at the most.
constexpr std::size_t kJsonBytes = 512;
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
  out.append(thousandths(microseconds));
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

// Writes where there is room.
class Cursor {
 public:
  explicit Cursor(char* at) : at_(at) {}

  Cursor& text(std::string_view text) {
    if (!text.empty()) std::memcpy(at_, text.data(), text.size());
    at_ += text.size();
    return *this;
  }
  template <class Number>
  Cursor& number(Number value) {
    at_ = std::to_chars(at_, at_ + kNumberBytes, value).ptr;
    return *this;
  }
  char* end() const { return at_; }

 private:
  char* at_;
};

void append_json(std::string_view time, const AccessRecord& record, std::string& out) {
  const std::string client = client_of(record);
  const std::string grpc = record.grpc_status ? grpc_name(*record.grpc_status) : std::string();
  const std::string trace = record.trace ? to_traceparent(*record.trace) : std::string();
  JsonTexts json;
  const std::string_view peer = json(client), method = json(record.method), target = json(record.target),
                         route = json(record.route), rpc = json(record.rpc), id = json(record.request_id);
  const std::size_t most = out.size() + time.size() + peer.size() + method.size() + target.size() + route.size() +
                           rpc.size() + id.size() + grpc.size() + trace.size() + kJsonBytes;
  const auto microseconds = std::chrono::duration_cast<std::chrono::microseconds>(record.duration).count();
  out.resize_and_overwrite(most, [&, size = out.size()](char* begin, std::size_t) {
    Cursor line(begin + size);
    line.text(R"({"time":")").text(time).text(R"(","level":"info","message":"request","peer":")").text(peer);
    line.text(R"(","method":")").text(method).text(R"(","target":")").text(target);
    line.text(R"(","route":")").text(route).text(R"(","rpc":")").text(rpc);
    line.text(R"(","status":)").number(record.status);
    line.text(R"(,"request_bytes":)").number(record.request_bytes);
    line.text(R"(,"response_bytes":)").number(record.response_bytes);
    line.text(R"(,"duration_ms":)").number(microseconds / 1000).text(".").text(thousandths(microseconds));
    line.text(R"(,"request_id":")").text(id);
    if (record.grpc_status) line.text(R"(","grpc_status":")").text(grpc);
    if (record.trace) line.text(R"(","traceparent":")").text(trace);
    line.text("\"}\n");
    return line.end() - begin;
  });
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
