// One message, or each that the splitter finds.
#include "gateway/explain/bound_request.h"

#include <optional>
#include <vector>

#include "gateway/transcode/json_splitter.h"
#include "rpc_core/base/buffer.h"

namespace sluice::gateway {

rpc::Result<std::size_t> bind_request(const RestRoute& route, const WholeRequest& request,
                                      google::protobuf::Message& first) {
  const std::vector<std::string_view> captures(request.captures.begin(), request.captures.end());
  RequestParts parts;
  parts.captures = captures;
  parts.query = request.query;
  const auto bind = [&]() -> rpc::Result<void> {
    rpc::Buffer message;
    if (rpc::Result<void> bound = route.transcoder->request(parts, message); !bound) return bound;
    if (parts.first) first.ParsePartialFromString(std::string(message.text()));
    return {};
  };
  const Transcoder& transcoder = *route.transcoder;
  const bool splits = route.client_streams && transcoder.takes_body() && !transcoder.request_is_raw();
  if (!splits || request.body.empty()) {
    parts.body = request.body;
    if (const rpc::Result<void> bound = bind(); !bound) return rpc::fail(bound.error());
    return 1;
  }
  JsonSplitter splitter(route.max_request_bytes);
  splitter.feed(request.body);
  splitter.finish();
  std::size_t messages = 0;
  while (true) {
    const rpc::Result<std::optional<JsonSplitter::Value>> value = splitter.next();
    if (!value) return rpc::fail(value.error());
    if (!*value) return messages;
    parts.body = (*value)->text;
    parts.line = (*value)->line;
    parts.column = (*value)->column;
    parts.first = messages++ == 0;
    if (const rpc::Result<void> bound = bind(); !bound) return rpc::fail(bound.error());
  }
}

}  // namespace sluice::gateway
