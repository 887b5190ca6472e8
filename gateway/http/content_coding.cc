// Names, negotiation, and whole bodies.
#include "gateway/http/content_coding.h"

#include <brotli/encode.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "gateway/http/characters.h"
#include "gateway/http/message.h"

namespace sluice::gateway {
namespace {

struct Name {
  std::string_view text;
  ContentCoding coding;
};
constexpr std::array<Name, 6> kNames = {{{"identity", ContentCoding::Identity},
                                         {"gzip", ContentCoding::Gzip},
                                         {"deflate", ContentCoding::Deflate},
                                         {"br", ContentCoding::Br},
                                         {"zstd", ContentCoding::Zstd},
                                         {"x-gzip", ContentCoding::Gzip}}};

// Quick ones, since answers are made while somebody waits.
constexpr int kGzipLevel = 4;
constexpr int kBrotliQuality = 4;
constexpr int kZstdLevel = 1;
constexpr int kGzipWindow = 15 + 16;  // zlib's way to ask for the gzip format

std::string_view trim(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

// In thousandths; nothing for what is no weight (RFC 9110 section 12.4.2).
std::optional<int> weight_of(std::string_view parameters) {
  parameters = trim(parameters);
  if (parameters.empty()) return 1000;
  if (parameters.size() < 3 || (parameters[0] != 'q' && parameters[0] != 'Q') || parameters[1] != '=') {
    return std::nullopt;
  }
  const std::string_view text = parameters.substr(2);
  double weight = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), weight, std::chars_format::fixed);
  if (failed != std::errc() || end != text.data() + text.size() || weight < 0 || weight > 1) return std::nullopt;
  return static_cast<int>(weight * 1000 + 0.5);
}

// What a client said of each coding that answers may have.
struct Weights {
  std::optional<int> zstd, br, gzip, identity, any;

  void note(std::string_view name, int weight) {
    for (const auto& [known, slot] : {std::pair<std::string_view, std::optional<int>*>{"zstd", &zstd},
                                      {"br", &br},
                                      {"gzip", &gzip},
                                      {"x-gzip", &gzip},
                                      {"identity", &identity},
                                      {"*", &any}}) {
      if (equal_ignoring_case(name, known)) *slot = weight;
    }
  }
};

Weights read_weights(std::string_view list) {
  Weights weights;
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    const std::string_view element = trim(list.substr(0, comma));
    list.remove_prefix(std::min(comma + 1, list.size()));
    const std::size_t semicolon = std::min(element.find(';'), element.size());
    const std::string_view parameters = semicolon == element.size() ? "" : element.substr(semicolon + 1);
    if (const auto weight = weight_of(parameters)) weights.note(trim(element.substr(0, semicolon)), *weight);
  }
  return weights;
}

void encode_gzip(std::string_view body, rpc::Buffer& out) {
  z_stream stream{};
  deflateInit2(&stream, kGzipLevel, Z_DEFLATED, kGzipWindow, MAX_MEM_LEVEL, Z_DEFAULT_STRATEGY);
  const std::size_t bound = deflateBound(&stream, body.size());
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(body.data()));
  stream.avail_in = static_cast<uInt>(body.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.reserve(bound));
  stream.avail_out = static_cast<uInt>(bound);
  deflate(&stream, Z_FINISH);
  out.commit(stream.total_out);
  deflateEnd(&stream);
}

void encode_brotli(std::string_view body, rpc::Buffer& out) {
  std::size_t size = BrotliEncoderMaxCompressedSize(body.size());
  auto* place = reinterpret_cast<std::uint8_t*>(out.reserve(size));
  BrotliEncoderCompress(kBrotliQuality, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_TEXT, body.size(),
                        reinterpret_cast<const std::uint8_t*>(body.data()), &size, place);
  out.commit(size);
}

void encode_zstd(std::string_view body, rpc::Buffer& out) {
  const std::size_t bound = ZSTD_compressBound(body.size());
  out.commit(ZSTD_compress(out.reserve(bound), bound, body.data(), body.size(), kZstdLevel));
}

}  // namespace

std::string_view coding_name(ContentCoding coding) { return std::ranges::find(kNames, coding, &Name::coding)->text; }

std::optional<ContentCoding> coding_from_name(std::string_view name) {
  const auto found = std::ranges::find_if(kNames, [&](const Name& one) { return equal_ignoring_case(one.text, name); });
  if (found == kNames.end()) return std::nullopt;
  return found->coding;
}

ContentCoding choose_coding(std::string_view accept_encoding) {
  const Weights weights = read_weights(accept_encoding);
  ContentCoding best = ContentCoding::Identity;
  // What is not named is as good as "*"; identity is acceptable unless it was refused.
  int best_weight = weights.identity.value_or(0);
  for (const auto& [coding, own] :
       {std::pair(ContentCoding::Zstd, weights.zstd), std::pair(ContentCoding::Br, weights.br),
        std::pair(ContentCoding::Gzip, weights.gzip)}) {
    const int weight = own.value_or(weights.any.value_or(0));
    const bool preferred = best == ContentCoding::Identity ? weight >= best_weight : weight > best_weight;
    if (weight == 0 || !preferred) continue;
    best = coding;
    best_weight = weight;
  }
  return best;
}

void encode_content(std::string_view body, ContentCoding coding, rpc::Buffer& out) {
  switch (coding) {
    case ContentCoding::Gzip:
      return encode_gzip(body, out);
    case ContentCoding::Br:
      return encode_brotli(body, out);
    case ContentCoding::Zstd:
      return encode_zstd(body, out);
    case ContentCoding::Deflate:  // offered by no answer, since clients disagree on what it is
    case ContentCoding::Identity:
      break;
  }
  out.append(body);
}

}  // namespace sluice::gateway
