// UTF-8 validation: eight ASCII bytes at a time, else one sequence at a time by the table of RFC 3629 section 4.
#include "annotations/utf8.h"

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace sluice::http_rule {
namespace {

// What may follow a lead byte: how many bytes, and the range of the first of them (the others are 80..BF).
struct Sequence {
  std::size_t continuation_bytes = 0;
  unsigned char low = 0x80;
  unsigned char high = 0xBF;
};

Sequence sequence_after(unsigned char lead) {
  if (lead >= 0xC2 && lead <= 0xDF) return {1};
  if (lead == 0xE0) return {2, 0xA0, 0xBF};
  if (lead == 0xED) return {2, 0x80, 0x9F};
  if (lead >= 0xE1 && lead <= 0xEF) return {2};
  if (lead == 0xF0) return {3, 0x90, 0xBF};
  if (lead >= 0xF1 && lead <= 0xF3) return {3};
  if (lead == 0xF4) return {3, 0x80, 0x8F};
  return {};
}

std::size_t skip_ascii(std::string_view text, std::size_t at) {
  for (std::uint64_t word = 0; at + sizeof word <= text.size(); at += sizeof word) {
    std::memcpy(&word, text.data() + at, sizeof word);
    if ((word & 0x8080808080808080u) != 0) break;
  }
  while (at < text.size() && static_cast<unsigned char>(text[at]) < 0x80) ++at;
  return at;
}

}  // namespace

bool is_utf8(std::string_view text) {
  for (std::size_t at = skip_ascii(text, 0); at < text.size(); at = skip_ascii(text, at)) {
    const Sequence sequence = sequence_after(static_cast<unsigned char>(text[at++]));
    if (sequence.continuation_bytes == 0 || text.size() - at < sequence.continuation_bytes) return false;
    const auto second = static_cast<unsigned char>(text[at]);
    if (second < sequence.low || second > sequence.high) return false;
    for (std::size_t i = 1; i < sequence.continuation_bytes; ++i) {
      if ((static_cast<unsigned char>(text[at + i]) & 0xC0) != 0x80) return false;
    }
    at += sequence.continuation_bytes;
  }
  return true;
}

}  // namespace sluice::http_rule
