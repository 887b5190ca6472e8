// Reading, writing and making trace contexts.
#include "gateway/telemetry/trace_context.h"

#include <algorithm>
#include <cstddef>

namespace sluice::gateway {
namespace {

constexpr std::size_t kSize = 55;  // of version 00
constexpr std::uint8_t kSampled = 1;

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

template <std::size_t Size>
bool read_hex(std::string_view text, std::array<std::uint8_t, Size>& out) {
  for (std::size_t i = 0; i < Size; ++i) {
    const int high = digit_of(text[2 * i]);
    const int low = digit_of(text[2 * i + 1]);
    if (high < 0 || low < 0) return false;
    out[i] = static_cast<std::uint8_t>(high << 4 | low);
  }
  return true;
}

template <std::size_t Size>
std::string hex_of(const std::array<std::uint8_t, Size>& bytes) {
  std::string text;
  for (const std::uint8_t byte : bytes) {
    text.push_back("0123456789abcdef"[byte >> 4]);
    text.push_back("0123456789abcdef"[byte & 0xF]);
  }
  return text;
}

bool all_zero(const auto& id) {
  return std::ranges::all_of(id, [](std::uint8_t byte) { return byte == 0; });
}

// No identifier is all zeros.
template <std::size_t Size>
void fill(std::array<std::uint8_t, Size>& id, std::mt19937_64& random) {
  do {
    for (std::size_t i = 0; i < Size; i += 8) {
      std::uint64_t word = random();
      for (std::size_t k = 0; k < 8; ++k, word >>= 8) id[i + k] = static_cast<std::uint8_t>(word);
    }
  } while (all_zero(id));
}

}  // namespace

std::optional<TraceContext> parse_traceparent(std::string_view text) {
  if (text.size() < kSize || text[2] != '-' || text[35] != '-' || text[52] != '-') return std::nullopt;
  std::array<std::uint8_t, 1> version{};
  std::array<std::uint8_t, 1> flags{};
  TraceContext context;
  if (!read_hex(text.substr(0, 2), version) || !read_hex(text.substr(3, 32), context.trace) ||
      !read_hex(text.substr(36, 16), context.span) || !read_hex(text.substr(53, 2), flags)) {
    return std::nullopt;
  }
  if (version[0] == 0xFF || all_zero(context.trace) || all_zero(context.span)) return std::nullopt;
  const bool longer = text.size() > kSize;
  if (longer && (version[0] == 0 || text[kSize] != '-')) return std::nullopt;
  context.sampled = (flags[0] & kSampled) != 0;
  return context;
}

std::string to_traceparent(const TraceContext& context) {
  return "00-" + hex_of(context.trace) + "-" + hex_of(context.span) + (context.sampled ? "-01" : "-00");
}

std::string to_hex(const TraceId& id) { return hex_of(id); }
std::string to_hex(const SpanId& id) { return hex_of(id); }

TraceContext TraceSource::next(const std::optional<TraceContext>& parent) {
  TraceContext context;
  if (parent) {
    context = *parent;
  } else {
    fill(context.trace, random_);
    context.sampled = std::uniform_real_distribution<double>(0, 1)(random_) < ratio_;
  }
  fill(context.span, random_);
  return context;
}

}  // namespace sluice::gateway
