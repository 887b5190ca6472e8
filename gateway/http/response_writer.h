// The bytes of answers on HTTP/1.1: status line, header fields, chunks, trailers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "gateway/http/message.h"
#include "rpc_core/base/buffer.h"

namespace sluice::gateway {

// What the session decides about an answer, beside what the handler says.
struct Framing {
  enum class Body : std::uint8_t { None, Length, Chunked, UntilClose };
  enum class Connection : std::uint8_t { Implied, Close, KeepAlive };

  Body body = Body::None;
  std::uint64_t length = 0;
  Connection connection = Connection::Implied;
  std::string_view date;  // empty: no Date field
};

// Drops the fields that belong to the session, and those that are no well-formed fields (a line end in a value would
// let its author write the rest of the answer).
void append_head(rpc::Buffer& out, const ResponseHead& head, const Framing& framing);

// The line in front of a chunk; behind its bytes kChunkEnd follows. No chunk is empty: that would be the end of the
// body.
void append_chunk_size(rpc::Buffer& out, std::size_t bytes);
inline constexpr std::string_view kChunkEnd = "\r\n";
void append_last_chunk(rpc::Buffer& out, const Headers& trailers);

inline constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

// 1xx, 204 and 304 never have a body.
inline bool forbids_body(int http_status) { return http_status < 200 || http_status == 204 || http_status == 304; }

}  // namespace sluice::gateway
