// Making identifiers, and the responder that shows them.
#include "gateway/filter/request_id.h"

#include <algorithm>
#include <array>
#include <utility>

#include "gateway/filter/responder_filter.h"

namespace sluice::gateway {
namespace {

constexpr std::size_t kLongestId = 128;

constexpr auto kHexBytes = [] {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::array<std::array<char, 2>, 256> table{};
  for (std::size_t byte = 0; byte < table.size(); ++byte) table[byte] = {kDigits[byte >> 4], kDigits[byte & 0xF]};
  return table;
}();

class Labelled final : public ResponderFilter {
 public:
  Labelled(Responder& next, std::string_view id) : ResponderFilter(next), id_(id) {}

  rpc::Task<void> send(Response whole) override {
    whole.head.headers.set("X-Request-Id", id_);
    return ResponderFilter::send(std::move(whole));
  }
  rpc::Task<bool> begin(ResponseHead head) override {
    head.headers.set("X-Request-Id", id_);
    return ResponderFilter::begin(std::move(head));
  }

 private:
  std::string_view id_;
};

}  // namespace

PoolString UuidSource::next() {
  constexpr std::uint64_t kVersion7 = 0x7000;
  constexpr std::uint64_t kVariant = 0x8000000000000000;
  const std::uint64_t high = clock_() << 16 | kVersion7 | (random_() & 0x0FFF);
  const std::uint64_t low = (random_() & ~(kVariant | kVariant >> 1)) | kVariant;
  PoolString text(36, '-');
  char* at = text.data();
  for (int byte = 0; byte < 16; ++byte) {
    if (byte == 4 || byte == 6 || byte == 8 || byte == 10) ++at;
    const std::uint64_t half = byte < 8 ? high : low;
    const auto& digits = kHexBytes[half >> (56 - byte % 8 * 8) & 0xFF];
    *at++ = digits[0];
    *at++ = digits[1];
  }
  return text;
}

bool acceptable_request_id(std::string_view id) {
  return !id.empty() && id.size() <= kLongestId && std::ranges::all_of(id, [](char c) { return c > 0x20 && c < 0x7F; });
}

rpc::Task<void> RequestId::handle(Request& request, Responder& responder) {
  const std::string_view sent = request.headers().get("X-Request-Id").value_or("");
  PoolString& id = request.context().request_id;
  if (acceptable_request_id(sent)) {
    id = sent;
  } else {
    id = source_.next();
  }
  Labelled labelled(responder, id);
  co_await next_.handle(request, labelled);
}

}  // namespace sluice::gateway
