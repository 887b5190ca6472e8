// Binding, message after message.
#include "gateway/protocol/request_binding.h"

#include <string>
#include <utility>

#include "gateway/transcode/binding_error.h"

namespace sluice::gateway {

using rpc::Buffer;

RequestBinding::RequestBinding(const RestRoute& route, const Headers& headers)
    : route_(route), content_type_(headers.get("Content-Type").value_or("")) {}

rpc::Result<void> RequestBinding::bind(std::span<const std::string_view> captures, std::string_view query) {
  std::string scratch;
  for (std::size_t i = 0; i < captures.size(); ++i) {
    const auto decoded = http_rule::decode_capture(captures[i], route_.unescape[i], scratch);
    if (!decoded) return rpc::fail(binding_error(route_.variables[i], decoded.error().message()));
    captures_.emplace_back(*decoded);
  }
  query_ = query;
  return {};
}

rpc::Result<Buffer> RequestBinding::encode(const Text& body) {
  const bool first = std::exchange(first_, false);
  return encode_as(body, first);
}

rpc::Result<void> RequestBinding::check() const {
  const rpc::Result<Buffer> bound = encode_as(Text(), true);
  if (!bound) return rpc::fail(bound.error());
  return {};
}

rpc::Result<Buffer> RequestBinding::encode_as(const Text& body, bool first) const {
  std::vector<std::string_view, rpc::PoolAllocator<std::string_view>> captures(captures_.begin(), captures_.end());
  RequestParts parts;
  parts.captures = captures;
  parts.query = query_;
  parts.body = body.bytes;
  if (first) parts.content_type = content_type_;
  parts.first = first;
  parts.line = body.line;
  parts.column = body.column;
  Buffer message(rpc::kMessagePrefixBytes, body.bytes.size() + 256);
  if (const rpc::Result<void> bound = route_.transcoder->request(parts, message); !bound) {
    return rpc::fail(bound.error());
  }
  return message;
}

}  // namespace sluice::gateway
