// Escaping, which as a rule has nothing to do.
#include "gateway/telemetry/log_text.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <ctime>
#include <iterator>
#include <nlohmann/json.hpp>

#include "rpc_core/base/printable.h"

namespace sluice::gateway {
namespace {

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }
bool is_quoting(char c) { return c == '"' || c == '\\'; }

bool needs_no_escape(std::string_view text) {
  constexpr auto npos = std::string_view::npos;
  return rpc::is_printable_ascii(text) && text.find('"') == npos && text.find('\\') == npos;
}

}  // namespace

void append_json_text(std::string_view text, std::string& out) {
  if (needs_no_escape(text)) {
    out.push_back('"');
    out.append(text);
    out.push_back('"');
  } else {
    using Json = nlohmann::json;
    out += Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
  }
}

void append_plain_text(std::string_view text, bool quoted, std::string& out) {
  const auto plain = [quoted](char c) { return !is_control(c) && !(quoted && is_quoting(c)); };
  if (std::ranges::all_of(text, plain)) {
    out += text;
    return;
  }
  for (const char c : text) {
    if (is_control(c)) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
      continue;
    }
    if (quoted && is_quoting(c)) out.push_back('\\');
    out.push_back(c);
  }
}

void append_thousandths(long long number, std::string& out) {
  for (const auto unit : {100, 10, 1}) out.push_back(static_cast<char>('0' + number / unit % 10));
}

void UtcText::append(std::chrono::system_clock::time_point moment, std::string& out) {
  using namespace std::chrono;
  const std::time_t second = system_clock::to_time_t(moment);
  if (second != second_) {
    second_ = second;
    std::tm parts{};
    gmtime_r(&second, &parts);
    text_.clear();
    fmt::format_to(std::back_inserter(text_), "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.", parts.tm_year + 1900,
                   parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec);
  }
  const auto part = duration_cast<milliseconds>(moment.time_since_epoch()).count() % 1000;
  out += text_;
  append_thousandths(part, out);
  out.push_back('Z');
}

}  // namespace sluice::gateway
