// RequestBinding: path, query and body of one request, or of each message of a request stream, as encoded messages.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "gateway/http/message.h"
#include "gateway/protocol/rest_route.h"
#include "rpc_core/base/buffer.h"
#include "rpc_core/base/result.h"

namespace sluice::gateway {

// Path and query bind on the first message; the path is held against every one.
class RequestBinding {
 public:
  RequestBinding(const RestRoute& route, const Headers& headers);

  // Decodes what the path captured. The query is borrowed.
  rpc::Result<void> bind(std::span<const std::string_view> captures, std::string_view query);

  struct Text {
    std::string_view bytes;
    std::size_t line = 1;  // where it begins in what the client sent
    std::size_t column = 1;
  };
  // The next message, with kMessagePrefixBytes of head-room. INVALID_ARGUMENT names the field.
  rpc::Result<rpc::Buffer> encode(const Text& body);
  // Whether path and query bind: what can be known before there is a body.
  rpc::Result<void> check() const;
  bool first() const { return first_; }

 private:
  rpc::Result<rpc::Buffer> encode_as(const Text& body, bool first) const;

  const RestRoute& route_;
  const std::string_view content_type_;
  std::vector<PoolString, rpc::PoolAllocator<PoolString>> captures_;
  std::string_view query_;
  bool first_ = true;
};

}  // namespace sluice::gateway
