#include "rpc_core/http2/field_list.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

namespace sluice::rpc::http2 {
namespace {

constexpr std::array<std::string_view, 8> kNeverIndexed = {
    "authorization",       "cookie",      "grpc-timeout", "grpc-trace-bin",
    "proxy-authorization", "traceparent", "tracestate",   "x-request-id"};

std::uint8_t* bytes_of(std::string_view text) {
  return const_cast<std::uint8_t*>(reinterpret_cast<const std::uint8_t*>(text.data()));
}

}  // namespace

std::span<const nghttp2_nv> FieldList::assign(const Metadata& metadata) {
  fields_.clear();
  for (const auto& [key, value] : metadata) {
    const bool never_index = std::ranges::find(kNeverIndexed, key) != kNeverIndexed.end();
    fields_.push_back({bytes_of(key), bytes_of(value), key.size(), value.size(),
                       static_cast<std::uint8_t>(never_index ? NGHTTP2_NV_FLAG_NO_INDEX : NGHTTP2_NV_FLAG_NONE)});
  }
  return fields_;
}

}  // namespace sluice::rpc::http2
