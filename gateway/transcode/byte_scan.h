// Sixteen bytes of text at once: where does something begin that is not plain?
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace sluice::gateway {

// Sixteen bytes, loaded and stored without alignment.
class Block16 {
 public:
  static constexpr std::size_t kSize = 16;

  explicit Block16(const char* at) { std::memcpy(&bytes_, at, kSize); }
  // `size` bytes, of which sixteen are taken; fewer are filled up with spaces. Nothing behind them is read.
  Block16(const char* at, std::size_t size) {
    if (size >= kSize) {
      std::memcpy(&bytes_, at, kSize);
    } else {
      const std::uint64_t words[2] = {low_word(at, size), size > 8 ? low_word(at + 8, size - 8) : kSpaces};
      std::memcpy(&bytes_, words, kSize);
    }
  }
  void store(char* to) const { std::memcpy(to, &bytes_, kSize); }

  // One bit a byte, lowest first: quotes, backslashes, controls, and bytes from 0x80 on.
  std::uint32_t special() const {
#if defined(__SSE2__)
    const __m128i quotes = _mm_cmpeq_epi8(bytes_, _mm_set1_epi8('"'));
    const __m128i backslashes = _mm_cmpeq_epi8(bytes_, _mm_set1_epi8('\\'));
    const __m128i below_space = _mm_cmplt_epi8(bytes_, _mm_set1_epi8(' '));  // signed: from 0x80 on is below too
    return static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(quotes, backslashes), below_space)));
#else
    std::uint32_t mask = 0;
    for (std::size_t i = 0; i < kSize; ++i) {
      const auto byte = static_cast<signed char>(bytes_[i]);
      mask |= static_cast<std::uint32_t>(byte == '"' || byte == '\\' || byte < ' ') << i;
    }
    return mask;
#endif
  }
  // How many bytes come before the first special one, `most` at most.
  std::size_t plain(std::size_t most) const {
    return std::min(most, static_cast<std::size_t>(std::countr_zero(special() | 1u << kSize)));
  }
  // One bit a byte that both have.
  std::uint32_t same(const Block16& other) const {
#if defined(__SSE2__)
    return static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes_, other.bytes_)));
#else
    std::uint32_t mask = 0;
    for (std::size_t i = 0; i < kSize; ++i) mask |= static_cast<std::uint32_t>(bytes_[i] == other.bytes_[i]) << i;
    return mask;
#endif
  }

 private:
  static constexpr std::uint64_t kSpaces = 0x2020'2020'2020'2020;

  template <class Word>
  static std::uint64_t word(const char* at) {
    Word word;
    std::memcpy(&word, at, sizeof word);
    return word;
  }
  // Up to eight bytes, the first lowest, filled up with spaces. What two words share is the same in both.
  static std::uint64_t low_word(const char* at, std::size_t size) {
    if (size >= 8) return word<std::uint64_t>(at);
    std::uint64_t bytes = 0;
    if (size >= 4) {
      bytes = word<std::uint32_t>(at) | word<std::uint32_t>(at + size - 4) << 8 * (size - 4);
    } else if (size != 0) {
      const std::size_t middle = size / 2;
      bytes = word<std::uint8_t>(at) | word<std::uint8_t>(at + middle) << 8 * middle |
              word<std::uint8_t>(at + size - 1) << 8 * (size - 1);
    }
    return bytes | kSpaces << 8 * size;
  }

#if defined(__SSE2__)
  __m128i bytes_;
#else
  char bytes_[kSize];
#endif
};

// Two blocks as one: most names and strings end within thirty-two bytes, so that nothing depends on their length.
class Block32 {
 public:
  static constexpr std::size_t kSize = 32;

  explicit Block32(const char* at) : low_(at), high_(at + Block16::kSize) {}
  void store(char* to) const {
    low_.store(to);
    high_.store(to + Block16::kSize);
  }
  std::uint32_t special() const { return low_.special() | high_.special() << Block16::kSize; }
  // One bit a byte that both have.
  std::uint32_t same(const Block32& other) const {
    return low_.same(other.low_) | high_.same(other.high_) << Block16::kSize;
  }

 private:
  Block16 low_;
  Block16 high_;
};

// Whether the `size` bytes at both places are the same. Names are short: two overlapping words compare up to sixteen
// bytes without a loop and without reading behind them.
inline bool same_bytes(const char* a, const char* b, std::size_t size) {
  const auto words_differ = [&](auto at_front) {
    auto front = at_front;
    auto back = at_front;
    std::memcpy(&at_front, a, sizeof front);
    std::memcpy(&front, b, sizeof front);
    const auto difference = at_front ^ front;
    std::memcpy(&at_front, a + size - sizeof back, sizeof back);
    std::memcpy(&back, b + size - sizeof back, sizeof back);
    return (difference | (at_front ^ back)) != 0;
  };
  if (size >= 8) return !words_differ(std::uint64_t{}) && (size <= 16 || std::memcmp(a + 8, b + 8, size - 16) == 0);
  if (size >= 4) return !words_differ(std::uint32_t{});
  for (std::size_t i = 0; i < size; ++i) {
    if (a[i] != b[i]) return false;
  }
  return true;
}

// Not plain inside a JSON string.
inline bool is_special(char c) { return c == '"' || c == '\\' || static_cast<signed char>(c) < ' '; }

}  // namespace sluice::gateway
