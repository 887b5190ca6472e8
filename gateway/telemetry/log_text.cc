// Escaping, which as a rule has nothing to do.
#include "gateway/telemetry/log_text.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <ctime>
#include <iterator>
#include <nlohmann/json.hpp>

#include "rpc_core/base/eight_bytes.h"
#include "rpc_core/base/printable.h"

namespace sluice::gateway {
namespace {

constexpr auto kThousandths = [] {
  std::array<std::array<char, 3>, 1000> all{};
  for (int i = 0; i < 1000; ++i) {
    const auto digit = [i](int unit) { return static_cast<char>('0' + i / unit % 10); };
    all[i] = {digit(100), digit(10), digit(1)};
  }
  return all;
}();

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }
bool is_quoting(char c) { return c == '"' || c == '\\'; }

bool needs_no_escape(std::string_view text) {
  std::uint64_t unprintable = 0;
  std::uint64_t other = ~std::uint64_t{0};  // high bits: of bytes below 0x80 that are no quote and no backslash
  rpc::for_each_eight_bytes(text, [&](std::uint64_t eight) {
    unprintable |= rpc::unprintable_bits(eight);
    for (const char quoting : {'"', '\\'}) other &= (eight ^ rpc::eight_times(quoting)) + rpc::eight_times(0x7F);
  });
  return ((unprintable | ~other) & rpc::eight_times(0x80)) == 0;
}

}  // namespace

void append_json_text(std::string_view text, std::string& out) {
  JsonTexts json;
  out.push_back('"');
  out.append(json(text));
  out.push_back('"');
}

std::string_view JsonTexts::operator()(std::string_view text) {
  using Json = nlohmann::json;
  if (needs_no_escape(text)) return text;
  const std::string_view quoted =
      escaped_.emplace_front(Json(text).dump(-1, ' ', false, Json::error_handler_t::replace));
  return quoted.substr(1, quoted.size() - 2);
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

std::string_view thousandths(long long number) { return {kThousandths[number % 1000].data(), 3}; }

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
  out += thousandths(part);
  out.push_back('Z');
}

}  // namespace sluice::gateway
