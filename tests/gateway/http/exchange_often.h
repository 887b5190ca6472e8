// A client for tests that count allocations: it makes none itself.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

#include "rpc_core/base/task.h"
#include "rpc_core/transport/byte_stream.h"

namespace sluice::gateway {

// Sends the request and reads its answer, `times` times; nothing here allocates either. False: a wrong answer.
inline rpc::Task<bool> exchange_often(rpc::ByteStream& stream, std::string_view request, std::string_view end,
                                      int times) {
  std::array<std::byte, 2048> space;
  const std::span<const std::byte> piece = std::as_bytes(std::span(request));
  for (int i = 0; i < times; ++i) {
    co_await stream.write({&piece, 1});
    std::string_view answer;
    std::size_t received = 0;
    while (!answer.ends_with(end)) {
      const rpc::Result<std::size_t> count = co_await stream.read_some(std::span(space).subspan(received));
      if (!count || *count == 0) co_return false;
      received += *count;
      answer = {reinterpret_cast<const char*>(space.data()), received};
      if (received == space.size()) co_return false;
    }
    if (!answer.starts_with("HTTP/1.1 200 OK\r\n")) co_return false;
  }
  co_return true;
}

}  // namespace sluice::gateway
