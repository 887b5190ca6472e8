#include "rpc_core/http2/field_list.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

namespace sluice::rpc::http2 {
namespace {

constexpr std::array<std::string_view, 3> kSecret = {"authorization", "cookie", "proxy-authorization"};
constexpr std::size_t kShortTimeout = 4;
constexpr std::array<std::string_view, 5> kVarying = {"grpc-timeout", "grpc-trace-bin", "traceparent", "tracestate",
                                                      "x-request-id"};

// Most keys have a length that none of these has.
constexpr std::uint32_t kSizes = [] {
  std::uint32_t sizes = 0;
  for (const std::string_view key : kSecret) sizes |= 1u << key.size();
  for (const std::string_view key : kVarying) sizes |= 1u << key.size();
  return sizes;
}();

bool is_listed(std::size_t key_size) { return key_size < 32 && (kSizes >> key_size & 1) != 0; }

std::uint8_t* bytes_of(std::string_view text) {
  return const_cast<std::uint8_t*>(reinterpret_cast<const std::uint8_t*>(text.data()));
}

}  // namespace

std::span<const nghttp2_nv> FieldList::assign(const Metadata& metadata) {
  if (fields_.size() < metadata.size()) fields_.resize(metadata.size());
  nghttp2_nv* field = fields_.data();
  for (const auto& [key, value] : metadata) {
    int flags = NGHTTP2_NV_FLAG_NO_COPY_NAME | NGHTTP2_NV_FLAG_NO_COPY_VALUE;
    if (is_listed(key.size()) && is_never_indexed(key, value)) flags |= NGHTTP2_NV_FLAG_NO_INDEX;
    *field++ = {bytes_of(key), bytes_of(value), key.size(), value.size(), static_cast<std::uint8_t>(flags)};
  }
  return {fields_.data(), metadata.size()};
}

bool FieldList::is_never_indexed(std::string_view key, std::string_view value) {
  if (std::ranges::find(kSecret, key) != kSecret.end()) return true;
  const auto varying = std::ranges::find(kVarying, key);
  if (varying == kVarying.end()) return false;
  if (varying == kVarying.begin() && value.size() <= kShortTimeout) return false;
  const unsigned bit = 1u << (varying - kVarying.begin());
  return (std::exchange(names_sent_, names_sent_ | bit) & bit) != 0;
}

}  // namespace sluice::rpc::http2
